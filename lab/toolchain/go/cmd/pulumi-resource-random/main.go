// Command pulumi-resource-random is Pulumi's provider for random values.
package main

import (
	"github.com/terraform-providers/terraform-provider-random/shim"

	"slipway.dev/toolchain/internal/bridge"
)

func main() {
	bridge.Serve("random", "4.16.0", "Random", shim.New(),
		"bytes", "id", "integer", "password", "pet", "shuffle", "string", "uuid")
}
