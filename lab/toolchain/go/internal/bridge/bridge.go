// Package bridge serves a Terraform provider to Pulumi.
package bridge

import (
	"context"
	"log"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"slipway.dev/toolchain/internal/served"
)

// Serve serves resources of a provider, named without the provider's name and
// in Terraform's spelling, under the tokens of the Pulumi package of that name.
// The schema is made at start: it takes less time than reading one would.
func Serve(name, builtFrom string, p provider.Provider, resources ...string) {
	ctx := context.Background()
	info := bridge.ProviderInfo{
		Name:         name,
		Version:      served.Version(name, builtFrom),
		P:            tfbridge.ShimProvider(p),
		Resources:    map[string]*bridge.ResourceInfo{},
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
	}
	for _, resource := range resources {
		info.Resources[name+"_"+resource] = &bridge.ResourceInfo{Tok: token(name, resource)}
	}
	generated, err := tfgen.GenerateSchema(ctx, tfgen.GenerateSchemaOptions{ProviderInfo: info})
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(ctx, name, info, generated.ProviderMetadata)
}

// token turns ("tls", "private_key") into tls:index/privateKey:PrivateKey.
func token(name, resource string) tokens.Type {
	var typ strings.Builder
	for word := range strings.SplitSeq(resource, "_") {
		typ.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	module := strings.ToLower(typ.String()[:1]) + typ.String()[1:]
	return tokens.Type(name + ":index/" + module + ":" + typ.String())
}
