// Package adopt repairs an exported Pulumi state after an `up` that was killed: what was being made at that moment is put
// among the resources, if it is there.
package adopt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"text/template"
)

// Finding is what became of a creation that nobody saw the end of; without an ID there is nothing.
type Finding struct{ Name, ID string }

// Ask runs the AWS CLI with the words and gives the ids that it answered.
type Ask func(words []string) (ids []string, err error)

// Pending moves the creations that were pending in an exported state into its resources: those whose id was told, is
// known from their inputs, or is found by asking AWS. The others are dropped from it. A creation that cannot be told is an
// error, which names it.
func Pending(exported []byte, told map[string]string, ask Ask) ([]byte, []Finding, error) {
	var state map[string]any
	decoder := json.NewDecoder(bytes.NewReader(exported))
	decoder.UseNumber() // nothing in it may change by being read
	if err := decoder.Decode(&state); err != nil {
		return nil, nil, err
	}
	deployment, _ := state["deployment"].(map[string]any)
	resources, _ := deployment["resources"].([]any)
	pending, _ := deployment["pending_operations"].([]any)
	taken := map[string]bool{} // by type and id
	urns := map[string]bool{}
	for _, r := range resources {
		r := r.(map[string]any)
		taken[fmt.Sprint(r["type"], " ", r["id"])] = true
		urns[fmt.Sprint(r["urn"])] = true
	}
	var found []Finding
	var left []any
	var problems []error
	for _, p := range pending {
		operation := p.(map[string]any)
		resource, _ := operation["resource"].(map[string]any)
		urn := fmt.Sprint(resource["urn"])
		name := urn[strings.LastIndex(urn, "::")+2:]
		if operation["type"] != "creating" { // refresh clears these by itself
			left = append(left, p)
			continue
		}
		id, given := told[name]
		if !given {
			var err error
			if id, err = identify(resource, taken, ask); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w; `go run ./infra/recover %s=ID` tells it", name, err, name))
				continue
			}
		}
		if id != "" && urns[urn] {
			problems = append(problems, fmt.Errorf("%s: %s was to replace one that is still there; delete the new one, then tell `%s=`", name, id, name))
			continue
		}
		found = append(found, Finding{name, id})
		if id != "" {
			resource["id"], resource["outputs"] = id, resource["inputs"] // refresh reads the rest
			resources = append(resources, resource)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, nil, err
	}
	deployment["resources"], deployment["pending_operations"] = resources, left
	changed, err := json.Marshal(state)
	return changed, found, err
}

// identify gives the id of the thing that a pending creation makes, or "" if there is none or another one does no harm.
func identify(resource map[string]any, taken map[string]bool, ask Ask) (string, error) {
	kind := fmt.Sprint(resource["type"])
	how, ok := identities[kind]
	switch {
	case !ok:
		return "", fmt.Errorf("nobody knows how to find a %s", kind)
	case how.id != "":
		return fill(how.id, resource["inputs"])
	case how.find == "":
		return "", nil
	}
	var words []string
	for _, word := range strings.Fields(how.find) {
		word, err := fill(word, resource["inputs"])
		if err != nil {
			return "", err
		}
		words = append(words, word)
	}
	ids, err := ask(words)
	if err != nil {
		return "", err
	}
	// What the state holds already is another one; the CLI says None for an empty list.
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "None" || taken[kind+" "+id] })
	if len(ids) > 1 {
		return "", fmt.Errorf("one of %s", strings.Join(ids, ", "))
	}
	return strings.Join(ids, ""), nil
}

// fill puts inputs into a pattern; one that is missing is an error.
func fill(pattern string, inputs any) (string, error) {
	parsed, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{"hashcode": hashcode}).Parse(pattern)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = parsed.Execute(&b, inputs)
	return b.String(), err
}

// hashcode is what Terraform's providers make of a string in an id.
func hashcode(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }
