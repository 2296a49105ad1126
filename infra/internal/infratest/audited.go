package infratest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/module"
)

// Audited are the stub's resources with the provider's default tags. What the provider really makes of them,
// judgeStates sees.
func (s *Mock) Audited(t testing.TB) []audit.Resource {
	t.Helper()
	loaded, err := workspace.LoadProject(module.Path("Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(loaded.Config["aws:defaultTags"].Value)
	if err != nil {
		t.Fatal(err)
	}
	var defaults struct{ Tags map[string]string }
	if err := json.Unmarshal(written, &defaults); err != nil {
		t.Fatal(err)
	}
	var all []audit.Resource
	for _, r := range s.Resources {
		if !r.Custom {
			continue
		}
		one := audit.Resource{Type: r.Token, Name: r.Name, Inputs: r.Inputs, Outputs: resource.PropertyMap{}, References: map[string][]string{}}
		if r.Token != asIs {
			tags := resource.PropertyMap{}
			for key, value := range defaults.Tags {
				tags[resource.PropertyKey(key)] = resource.NewStringProperty(value)
			}
			one.Outputs["tagsAll"] = resource.NewObjectProperty(tags)
		}
		for input, dependencies := range r.Request.GetPropertyDependencies() {
			for _, urn := range dependencies.GetUrns() {
				one.References[input] = append(one.References[input], audit.Reference(urn))
			}
		}
		all = append(all, one)
	}
	return all
}

// asIs is the type whose tags are a list with rules of its own: the provider's default tags do not get into it.
const asIs = "aws:autoscaling/group:Group"

// Readers are, by secret, the roles that may read its value, and the services of the key that they may decrypt with.
func Readers(t *testing.T, s *Mock) map[string][]string {
	readers := map[string][]string{}
	for where, statements := range s.Policies(t) {
		name, _ := strings.CutSuffix(where, "-policy policy")
		for _, st := range statements {
			if st.Effect != "Allow" || !slices.Contains(st.Action, "secretsmanager:GetSecretValue") || st.Principal != nil {
				continue
			}
			for _, arn := range st.Resource {
				secret := arn[strings.LastIndexByte(arn, ':')+1:]
				readers[secret] = append(readers[secret], name)
				slices.Sort(readers[secret])
			}
		}
	}
	return readers
}
