package audit

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// found is what stands at a path.
type found struct {
	set      bool
	secret   bool // it, or something in it
	unknown  bool // it, or something in it
	explicit bool // set by the program and not by the provider
	value    any  // string, float64, bool, nil, []any or map[string]any; not of a secret
}

// at is what stands at a path: names with dots between them, [*] behind a list whose every element is meant, and |
// between paths of which the first that is set counts. It is never empty: what is not set is found as not set.
func at(inputs resource.PropertyMap, path string) []found {
	for _, alternative := range strings.Split(path, "|") {
		all := walk(resource.NewObjectProperty(inputs), strings.Split(alternative, "."), true)
		for _, one := range all {
			if one.set {
				return all
			}
		}
	}
	return []found{{}}
}

func walk(v resource.PropertyValue, path []string, explicit bool) []found {
	if len(path) == 0 {
		return []found{read(v, explicit)}
	}
	inner, whole := v, read(v, explicit)
	if whole.set && (v.IsComputed() || v.IsSecret() || v.IsOutput()) {
		if inner = unwrap(v); inner.IsNull() { // nothing of it is known
			return []found{whole}
		}
	}
	if !inner.IsObject() {
		return []found{{}}
	}
	name, every := strings.CutSuffix(path[0], "[*]")
	next, ok := inner.ObjectValue()[resource.PropertyKey(name)]
	if !ok {
		return []found{{}}
	}
	if defaults, ok := inner.ObjectValue()["__defaults"]; ok && defaults.IsArray() {
		for _, d := range defaults.ArrayValue() {
			explicit = explicit && (!d.IsString() || d.StringValue() != name)
		}
	}
	if !every || !unwrap(next).IsArray() { // Pulumi flattens some lists that hold one element at most
		return walk(next, path[1:], explicit)
	}
	var all []found
	for _, element := range unwrap(next).ArrayValue() {
		all = append(all, walk(element, path[1:], explicit)...)
	}
	if len(all) == 0 {
		return []found{{}} // no element that could pass
	}
	return all
}

// unwrap is what is in secrets and outputs; null where it is not known.
func unwrap(v resource.PropertyValue) resource.PropertyValue {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput() && v.OutputValue().Known:
			v = v.OutputValue().Element
		case v.IsOutput() || v.IsComputed():
			return resource.NewNullProperty()
		default:
			return v
		}
	}
}

func read(v resource.PropertyValue, explicit bool) found {
	if v.IsNull() {
		return found{}
	}
	f := found{set: true, explicit: explicit, secret: v.ContainsSecrets(), unknown: v.ContainsUnknowns()}
	if !f.secret && !f.unknown {
		f.value = v.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
			if v.IsOutput() {
				return unwrap(v).MapRepl(nil, nil), true
			}
			return nil, false
		})
	}
	return f
}
