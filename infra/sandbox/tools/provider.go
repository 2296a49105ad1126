package tools

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// provider is a Terraform provider as it is published: its code is internal to its module.
type provider struct {
	module string
	shim   string   // a package that is added to it and exports the provider
	keep   []string // the services that it keeps; all, when there are none
}

var providers = map[string]provider{
	"aws":    {"github.com/hashicorp/terraform-provider-aws", awsShim, services},
	"random": {"github.com/terraform-providers/terraform-provider-random", randomShim, nil},
}

const awsShim = `package shim

import (
	"context"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"

	"github.com/hashicorp/terraform-provider-aws/internal"
	"github.com/hashicorp/terraform-provider-aws/internal/provider/framework"
	"github.com/hashicorp/terraform-provider-aws/internal/provider/sdkv2"
)

// New returns the provider's two halves.
func New(ctx context.Context) (*schema.Provider, fwprovider.Provider, error) {
	internal.RegisterSmarterrFS()
	primary, err := sdkv2.NewProvider(ctx)
	if err != nil {
		return nil, nil, err
	}
	secondary, err := framework.NewProvider(ctx, primary)
	return primary, secondary, err
}
`

const randomShim = `package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"

	internal "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the provider.
func New() provider.Provider { return internal.New() }
`

// open copies a provider's module, adds its shim, and cuts it down to the services that it keeps: with all of them,
// the AWS plugin takes an hour to build.
func open(original, folder string, p provider) error {
	if err := copyModule(original, folder, p.keep); err != nil {
		return err
	}
	if len(p.keep) > 0 {
		if err := keepServices(folder, p.keep); err != nil {
			return err
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "shim"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "shim", "shim.go"), []byte(p.shim), 0o644)
}

// unused are folders that no build needs.
var unused = map[string]bool{".ci": true, ".github": true, ".teamcity": true, "website": true, "docs": true, "examples": true,
	"testdata": true, "acctest": true, "infrastructure": true, "templates": true}

// copyModule copies what a build of the kept services needs.
func copyModule(original, folder string, keep []string) error {
	kept := map[string]bool{}
	for _, service := range keep {
		kept[service] = true
	}
	return filepath.WalkDir(original, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(original, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			service, is := strings.CutPrefix(filepath.ToSlash(name), "internal/service/")
			if unused[d.Name()] || is && len(kept) > 0 && !strings.Contains(service, "/") && !kept[service] {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(folder, name), 0o755)
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, name), content, 0o644)
	})
}
