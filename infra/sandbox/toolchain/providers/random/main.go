// Command pulumi-resource-random serves the Terraform random provider as the Pulumi "random" plugin.
package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/info"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// version is set by the linker to the version of the SDK that the program is built with.
var version string

var types = map[string]string{
	"random_bytes":    "randomBytes:RandomBytes",
	"random_id":       "randomId:RandomId",
	"random_integer":  "randomInteger:RandomInteger",
	"random_password": "randomPassword:RandomPassword",
	"random_pet":      "randomPet:RandomPet",
	"random_shuffle":  "randomShuffle:RandomShuffle",
	"random_string":   "randomString:RandomString",
	"random_uuid":     "randomUuid:RandomUuid",
}

func main() {
	provider := info.Provider{
		P:            tfbridge.ShimProvider(shim.New()),
		Name:         "random",
		Version:      version,
		Resources:    map[string]*info.Resource{},
		MetadataInfo: info.NewProviderMetadata([]byte("{}")),
	}
	for name, token := range types {
		provider.Resources[name] = &info.Resource{Tok: tokens.Type("random:index/" + token)}
	}
	tfbridge.Main(context.Background(), "random", provider, tfbridge.ProviderMetadata{
		PackageSchema: []byte(`{"name":"random","version":"` + version + `"}`),
	})
}
