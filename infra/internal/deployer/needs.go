package deployer

import (
	_ "embed" // the needs
	"os"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

//go:embed needs.txt
var needs string

// Needs are what the deployer has needed in the lives of stacks, one a line: the action and the resource.
func Needs() []authorization.Need { return parse(needs) }

func parse(text string) (all []authorization.Need) {
	for line := range strings.Lines(text) {
		if action, resource, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all = append(all, authorization.Need{Action: action, Resource: resource})
		}
	}
	return all
}

// Add writes more needs into a file of them, and keeps those that are in it.
func Add(file string, more []authorization.Need) error {
	content, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	lines := []string{}
	for _, need := range append(parse(string(content)), more...) {
		lines = append(lines, need.Action+" "+need.Resource)
	}
	slices.Sort(lines)
	return os.WriteFile(file, []byte(strings.Join(slices.Compact(lines), "\n")+"\n"), 0o644)
}
