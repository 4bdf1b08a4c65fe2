// Command pulumi-resource-kubernetes is Pulumi's provider for Kubernetes.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

	"slipway.dev/toolchain/internal/served"
)

// Both files come from the provider's module when the build directory is made.

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	// The module lies between the releases 4.24 and 4.25.
	provider.Serve("kubernetes", served.Version("kubernetes", "4.25.0-20260115"), schema, terraformMapping)
}
