package audit

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Resource is one resource as the program registered it, or as a state holds it.
type Resource struct {
	Type, Name string
	ID         string               // "" where it is not known
	Inputs     resource.PropertyMap // as far as known, with what the provider adds
	Outputs    resource.PropertyMap // nil before it is made
	// References are, by input, the resources whose outputs went into it.
	References map[string][]string
}

// reference is how References name a resource: its URN without stack, project and parents.
func reference(kind, name string) string { return kind + "::" + name }

// Reference is a URN as References holds it.
func Reference(urn string) string {
	return reference(string(resource.URN(urn).Type()), resource.URN(urn).Name())
}

// How the engine writes secrets and, in a preview, unknown values.
const (
	secretKey       = "4dabf18193072939515e22adb298388d"
	secretSignature = "1b47061264138c4ac30d75fd1eb44270"
	unknownValue    = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
	previewed       = "[secret]" // a preview's secret
)

// State is a resource in the JSON of `pulumi stack export` and of the steps of `pulumi preview --json`.
type State struct {
	URN, Type, ID        string
	Custom               bool
	Inputs, Outputs      map[string]any
	PropertyDependencies map[string][]string
}

// UnmarshalState reads a state's custom resources, without providers.
func UnmarshalState(states []State) []Resource {
	var all []Resource
	for _, s := range states {
		if !s.Custom || resource.URN(s.URN).Type().Package() == "pulumi" {
			continue
		}
		r := Resource{Type: s.Type, Name: resource.URN(s.URN).Name(), ID: s.ID,
			Inputs: properties(s.Inputs), References: map[string][]string{}}
		if s.Outputs != nil {
			r.Outputs = properties(s.Outputs)
		}
		for input, urns := range s.PropertyDependencies {
			for _, urn := range urns {
				r.References[input] = append(r.References[input], Reference(urn))
			}
		}
		all = append(all, r)
	}
	return all
}

func properties(values map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMapRepl(values, nil, func(v any) (resource.PropertyValue, bool) {
		switch v := v.(type) {
		case string:
			switch v {
			case unknownValue:
				return resource.MakeComputed(resource.NewStringProperty("")), true
			case previewed:
				return resource.MakeSecret(resource.NewStringProperty("")), true
			}
		case map[string]any:
			if v[secretKey] == secretSignature { // archives have others
				return resource.MakeSecret(resource.NewStringProperty("")), true
			}
		}
		return resource.PropertyValue{}, false
	})
}

// text is a value as JSON, or itself where it is a string.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	written, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(written)
}
