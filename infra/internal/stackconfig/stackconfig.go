// Package stackconfig reads the configuration of a stack, for commands that look at what the program would make of it.
package stackconfig

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"gopkg.in/yaml.v3"

	"scheduled-messages/infra/internal/command"
)

// project is the namespace of the program's own keys.
const project = "scheduled-messages:"

// Source is where a configuration comes from: a stack's file, or Pulumi.
type Source struct{ name, file string }

// Flags declares -stack and -config.
func (s *Source) Flags(f *command.Flags) {
	f.String(&s.name, "stack", "", "the `name` of the Pulumi stack (default: the one that is selected)")
	f.String(&s.file, "config", "", "a stack's `file`, such as Pulumi.dev.yaml, instead of asking Pulumi")
}

// Check refuses both of them together.
func (s *Source) Check() []error {
	if s.name != "" && s.file != "" {
		return []error{fmt.Errorf("-stack %s and -config %s: must be one of them", s.name, s.file)}
	}
	return nil
}

// Title is the configuration's name for a reader.
func (s *Source) Title() string { return cmp.Or(s.file, s.name, "the selected stack") }

// Read reads the configuration of the project in root: a file's keys alone, or Pulumi's with the project's defaults.
func (s *Source) Read(ctx context.Context, root string) (*Settings, error) {
	if s.file != "" {
		return readFile(s.file)
	}
	return askPulumi(ctx, root, s.name)
}

// askPulumi reads a stack's configuration, with the project's defaults in it.
func askPulumi(ctx context.Context, root, name string) (*Settings, error) {
	args := []string{"config", "--json"}
	if name != "" {
		args = append(args, "--stack", name)
	}
	cmd := exec.CommandContext(ctx, "pulumi", args...)
	cmd.Dir = root
	text, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("pulumi %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(exit.Stderr))
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: put the Pulumi CLI there, or give a stack's file with -config", err)
	}
	if err != nil {
		return nil, err
	}
	var all map[string]struct {
		Value  *string
		Secret bool
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("pulumi %s: %w", strings.Join(args, " "), err)
	}
	s := newSettings()
	for key, one := range all {
		switch {
		case one.Secret:
			s.hide(key)
		case one.Value != nil:
			s.set(key, *one.Value)
		}
	}
	return s, s.refuseHidden()
}

// readFile reads what a stack's file sets, as Pulumi passes it on: lists and objects in JSON.
func readFile(path string) (*Settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct{ Config map[string]yaml.Node }
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := newSettings()
	for key, node := range file.Config {
		if node.Kind == yaml.ScalarNode {
			s.set(key, node.Value)
			continue
		}
		var value any
		if err := node.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, key, err)
		}
		if object, ok := value.(map[string]any); ok && object["secure"] != nil {
			s.hide(key)
			continue
		}
		list, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, key, err)
		}
		s.set(key, string(list))
	}
	return s, s.refuseHidden()
}
