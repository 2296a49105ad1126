package config

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// reader collects what is wrong with the keys that it reads.
type reader struct {
	get      func(key string) (value string, ok bool)
	failed   []string // keys, so that no rule between keys reports a second problem with one of them
	problems []error
}

// read sets what a key sets, and refuses a value that is not allowed.
func (r *reader) read(c *Config, key Key) {
	value, ok := r.get(key.Name)
	if !ok {
		r.refuse(key.Name, "not set", key.Allowed)
	} else if key.set(c, value) != nil {
		r.refuse(key.Name, value, key.Allowed)
	}
}

// refuse records a problem: the key, its value, and what it must be instead.
func (r *reader) refuse(key, value, allowed string) {
	r.report(key, "%s is %s: must be %s", key, cmp.Or(value, `""`), allowed)
}

func (r *reader) report(key, format string, words ...any) {
	r.failed = append(r.failed, key)
	r.problems = append(r.problems, fmt.Errorf(format, words...))
}

// constraint is a rule between keys.
type constraint struct {
	keys    []string // the first one is refused
	Broken  bool
	value   any
	allowed string
}

// check applies the rules between keys, each unless one of its keys is refused anyway.
func (r *reader) check(c *Config, region string) {
	all := slices.Concat(c.constraints(region), c.channelConstraints(), c.existingConstraints(region), c.layerConstraints(region),
		[]constraint{c.BudgetConstraint(), regionConstraint(region)})
	for _, rule := range all {
		if rule.Broken && !slices.ContainsFunc(rule.keys, func(key string) bool { return slices.Contains(r.failed, key) }) {
			r.refuse(rule.keys[0], fmt.Sprint(rule.value), rule.allowed)
		}
	}
}

// refuseUnknown finds misspelt keys in all that the engine passes to the program: JSON, keys with their namespace.
func (r *reader) refuseUnknown(project, configuration string) {
	var all map[string]string
	if json.Unmarshal([]byte(configuration), &all) != nil {
		return // no engine, as in a test under mocks
	}
	var known []string
	for _, key := range Keys() {
		known = append(known, key.Name)
	}
	slices.Sort(known)
	for key := range all {
		if name, ours := strings.CutPrefix(key, project+":"); ours && !slices.Contains(known, name) {
			r.report(name, "%s is %s: no key has this name; the keys are %s", name, all[key], strings.Join(known, ", "))
		}
	}
}

func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	if len(r.problems) == 1 {
		return fmt.Errorf("1 invalid configuration value: %w", r.problems[0])
	}
	return fmt.Errorf("%d invalid configuration values:\n%w", len(r.problems), errors.Join(r.problems...))
}
