// Package shim lets the lab import the provider: it sits below the
// provider's own path, so Go lets it see the internal package.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"

	internal "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the provider.
func New() provider.Provider { return internal.New() }
