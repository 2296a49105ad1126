package infratest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Of are the resources of a type, such as rds/cluster:Cluster; at least one.
func (s *Mock) Of(t testing.TB, token string) []*Resource {
	t.Helper()
	var found []*Resource
	for _, r := range s.Resources {
		if strings.HasSuffix(r.Token, ":"+token) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no %s was registered", token)
	}
	return found
}

// One is the custom resource with the name.
func (s *Mock) One(t testing.TB, name string) *Resource {
	t.Helper()
	for _, r := range s.Resources {
		if r.Custom && r.Name == name {
			return r
		}
	}
	t.Fatalf("no resource %s was registered", name)
	return nil
}

// Names are the custom resources' names, sorted.
func (s *Mock) Names() []string {
	var names []string
	for _, r := range s.Resources {
		if r.Custom {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return names
}

// WaitsFor is all that a resource waits for, however far away, by name.
func (s *Mock) WaitsFor(r *Resource) map[string]bool {
	all := map[string]bool{}
	var add func(*Resource)
	add = func(r *Resource) {
		for _, urn := range r.Request.GetDependencies() {
			name, token := resource.URN(urn).Name(), string(resource.URN(urn).Type())
			if all[name] {
				continue
			}
			all[name] = true
			for _, other := range s.Resources {
				if other.Name == name && other.Token == token {
					add(other)
				}
			}
		}
	}
	add(r)
	return all
}

// Text is an input at a path such as vpcConfig.subnetIds[0], or "".
func (r *Resource) Text(path string) string {
	value, ok := r.Value(path)
	if !ok {
		return ""
	}
	if value.IsString() {
		return value.StringValue()
	}
	return fmt.Sprint(value.MapRepl(nil, nil))
}

// Texts is a list of strings among the inputs.
func (r *Resource) Texts(path string) []string {
	var all []string
	if value, ok := r.Value(path); ok && value.IsArray() {
		for _, element := range value.ArrayValue() {
			all = append(all, element.StringValue())
		}
	}
	return all
}

// Statement is one statement of a policy as AWS reads it.
type Statement struct {
	Effect, Sid string
	Principal   map[string]any
	Action      []string
	Resource    []string
	Condition   map[string]map[string]string
}

// Statements are those of the policy in an input.
func (r *Resource) Statements(t testing.TB, property string) []Statement {
	t.Helper()
	var document struct {
		Version   string
		Statement []Statement
	}
	if err := json.Unmarshal([]byte(r.Text(property)), &document); err != nil {
		t.Fatalf("%s: %s: %v", r.Name, property, err)
	}
	if document.Version != "2012-10-17" {
		t.Errorf("%s: %s: version %q", r.Name, property, document.Version)
	}
	return document.Statement
}

// Policies are all policies of the stack: by the resource's name, its statements.
func (s *Mock) Policies(t testing.TB) map[string][]Statement {
	t.Helper()
	all := map[string][]Statement{}
	for _, r := range s.Resources {
		for _, property := range []string{"policy", "assumeRolePolicy"} {
			if r.Text(property) != "" {
				all[r.Name+" "+property] = r.Statements(t, property)
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("no policy was registered")
	}
	return all
}
