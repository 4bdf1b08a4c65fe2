// Command pulumi-resource-tls is Pulumi's provider for keys and certificates.
package main

import (
	"github.com/hashicorp/terraform-provider-tls/shim"

	"slipway.dev/toolchain/internal/bridge"
)

func main() {
	bridge.Serve("tls", "5.2.0", "", shim.New(),
		"private_key", "self_signed_cert", "locally_signed_cert", "cert_request")
}
