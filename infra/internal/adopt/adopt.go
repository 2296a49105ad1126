// Package adopt repairs an exported Pulumi state after an `up` that was killed: what was being made at that moment is put
// among the resources, if it is there.
package adopt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Finding is what became of a creation that nobody saw the end of; without an ID there is nothing, or nothing that can be found.
type Finding struct {
	Name, ID string
	// Again is what another one means, where this one cannot be found again.
	Again string
}

// Ask runs the AWS CLI with the words and gives the ids that it answered.
type Ask func(words []string) (ids []string, err error)

// Pending moves the creations that were pending in an exported state into its resources: those whose id is given, is
// known from their inputs, or is found by asking AWS. The others are dropped from it. A creation that cannot be identified is
// an error, which names it. A state without a deployment has none.
func Pending(exported []byte, given map[string]string, ask Ask) ([]byte, []Finding, error) {
	var state map[string]any
	decoder := json.NewDecoder(bytes.NewReader(exported))
	decoder.UseNumber() // nothing in it may change by being read
	if err := decoder.Decode(&state); err != nil {
		return nil, nil, err
	}
	if state["deployment"] == nil {
		return exported, nil, nil
	}
	deployment, err := object(state["deployment"], "deployment")
	if err != nil {
		return nil, nil, err
	}
	resources, err := objects(deployment, "resources")
	if err != nil {
		return nil, nil, err
	}
	pending, err := objects(deployment, "pending_operations")
	if err != nil {
		return nil, nil, err
	}
	taken := map[string]bool{} // by type and id
	urns := map[string]bool{}
	for _, r := range resources {
		taken[fmt.Sprint(r["type"], " ", r["id"])] = true
		urns[fmt.Sprint(r["urn"])] = true
	}
	var found []Finding
	left := []map[string]any{}
	var problems []error
	for _, operation := range pending {
		if operation["type"] != "creating" { // refresh clears these by itself
			left = append(left, operation)
			continue
		}
		resource, err := object(operation["resource"], "resource of a pending operation")
		if err != nil {
			return nil, nil, err
		}
		urn := fmt.Sprint(resource["urn"])
		name := urn[strings.LastIndexByte(urn, ':')+1:]
		id, byHand := given[name]
		if !byHand {
			if id, err = identify(resource, taken, ask); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w; name it: `go run ./infra/recover %s=ID`", name, err, name))
				continue
			}
		}
		if id != "" && urns[urn] {
			problems = append(problems, fmt.Errorf(
				"%s: %s was to replace one that is still there; delete the new one, then `go run ./infra/recover %s=`", name, id, name))
			continue
		}
		finding := Finding{Name: name, ID: id}
		if !byHand {
			finding.Again = identities[fmt.Sprint(resource["type"])].again
		}
		found = append(found, finding)
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
		return fill(how.id, resource["inputs"], anywhere)
	case how.find == "":
		return "", nil
	}
	var words []string
	for _, pattern := range strings.Fields(how.find) {
		word, err := fill(pattern, resource["inputs"], placeOf(pattern))
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

// object is a JSON object of the state; its error says what is none.
func object(value any, what string) (map[string]any, error) {
	o, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the exported state's %s is no object", what)
	}
	return o, nil
}

// objects are a list of the deployment's, which may be missing.
func objects(deployment map[string]any, key string) (all []map[string]any, err error) {
	list, ok := deployment[key].([]any)
	if !ok && deployment[key] != nil {
		return nil, fmt.Errorf("the exported state's %s is no list", key)
	}
	for _, element := range list {
		o, err := object(element, key)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}
