// Command pulumi-resource-aws serves the Terraform AWS provider as the Pulumi "aws" plugin, under the tokens of the
// published Pulumi AWS provider v6.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-provider-aws/shim"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/info"
	sdk "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// version is set by the linker to the version of the SDK that the program is built with.
var version string

// halves hold for every token which half of the provider serves it: 0 is the one on Terraform's SDK, 1 the
// one on its framework.
type halves struct {
	Resources map[string]int `json:"resources"`
	Functions map[string]int `json:"functions"`
}

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	primary, secondary, err := shim.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := info.Provider{
		P: bridge.MuxShimWithDisjointgPF(ctx, sdk.NewProvider(primary,
			sdk.WithPlanResourceChange(func(string) bool { return true })), secondary),
		Name: "aws", Version: version, ResourcePrefix: "aws",
		Resources: map[string]*info.Resource{}, DataSources: map[string]*info.DataSource{},
		Config: map[string]*info.Schema{
			"region":                  {Default: &info.Default{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}}},
			"skip_metadata_api_check": {Type: "boolean", Default: &info.Default{Value: true}},
			"skip_region_validation":  {Default: &info.Default{Value: true}},
		},
	}
	table := halves{map[string]int{}, map[string]int{}}
	newResources, newDataSources := frameworkTypes(ctx, secondary)
	var missing []string
	for name, short := range resources {
		token := pulumiToken(short)
		switch {
		case primary.ResourcesMap[name] != nil:
			table.Resources[token] = 0
		case newResources[name]:
			table.Resources[token] = 1
		default:
			missing = append(missing, name)
		}
		provider.Resources[name] = &info.Resource{Tok: tokens.Type(token), Fields: map[string]*info.Schema{}}
	}
	for name, short := range dataSources {
		token := pulumiToken(short)
		switch {
		case primary.DataSourcesMap[name] != nil:
			table.Functions[token] = 0
		case newDataSources[name]:
			table.Functions[token] = 1
		default:
			missing = append(missing, "data "+name)
		}
		provider.DataSources[name] = &info.DataSource{Tok: tokens.ModuleMember(token)}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		log.Fatalf("not in the services that this provider keeps: %s", strings.Join(missing, ", "))
	}
	rename(provider.Resources)
	metadata, err := json.Marshal(map[string]any{"mux": table})
	if err != nil {
		log.Fatal(err)
	}
	provider.MetadataInfo = info.NewProviderMetadata(metadata)
	provider.SetAutonaming(255, "-")
	bridge.MainWithMuxer(ctx, "aws", provider, []byte(`{"name":"aws","version":"`+version+`"}`))
}

// pulumiToken is the token of a type: of ec2/Vpc it is aws:ec2/vpc:Vpc.
func pulumiToken(short string) string {
	module, name, _ := strings.Cut(short, "/")
	lower := []rune(name)
	lower[0] = unicode.ToLower(lower[0])
	return fmt.Sprintf("aws:%s/%s:%s", module, string(lower), name)
}

// frameworkTypes are the names of the resources and data sources that the framework's half serves.
func frameworkTypes(ctx context.Context, p framework.Provider) (resources, dataSources map[string]bool) {
	resources, dataSources = map[string]bool{}, map[string]bool{}
	for _, create := range p.Resources(ctx) {
		var answer resource.MetadataResponse
		create().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "aws"}, &answer)
		resources[answer.TypeName] = true
	}
	for _, create := range p.DataSources(ctx) {
		var answer datasource.MetadataResponse
		create().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "aws"}, &answer)
		dataSources[answer.TypeName] = true
	}
	return resources, dataSources
}
