// Package bridge serves a Terraform provider to Pulumi.
package bridge

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"slipway.dev/toolchain/internal/served"
)

// Serve serves resources of a provider, named without the provider's name and
// in Terraform's spelling, under the tokens of the Pulumi package of that name,
// whose types all begin with the prefix.
func Serve(name, builtFrom, prefix string, p provider.Provider, resources ...string) {
	ctx := context.Background()
	info := bridge.ProviderInfo{
		Name:         name,
		Version:      served.Version(name, builtFrom),
		P:            tfbridge.ShimProvider(p),
		Resources:    map[string]*bridge.ResourceInfo{},
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
	}
	for _, resource := range resources {
		info.Resources[name+"_"+resource] = &bridge.ResourceInfo{Tok: token(name, prefix, resource)}
	}
	tfbridge.Main(ctx, name, info, tfbridge.ProviderMetadata{XGetSchema: noSchema})
}

// noSchema answers who wants to generate an SDK from the provider. Programs do
// not ask, and the generator would be most of what there is to compile.
func noSchema(context.Context, plugin.GetSchemaRequest) ([]byte, error) {
	return nil, errors.New("this build has no schema to generate SDKs from; take the published SDK")
}

// token turns ("tls", "", "private_key") into tls:index/privateKey:PrivateKey.
func token(name, prefix, resource string) tokens.Type {
	typ := prefix
	for word := range strings.SplitSeq(resource, "_") {
		typ += strings.ToUpper(word[:1]) + word[1:]
	}
	module := strings.ToLower(typ[:1]) + typ[1:]
	return tokens.Type(name + ":index/" + module + ":" + typ)
}
