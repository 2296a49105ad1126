package infra

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"scheduled-messages/infra/internal/audit"
)

var update = flag.Bool("update", false, "write the pages in docs that tests make, instead of comparing with them")

// auditTable is where the outcome stands.
const auditTable = "../docs/security-rules.md"

// mode is a configuration in which every rule is judged.
type mode struct {
	name    string
	changes map[string]string
}

// auditModes are the columns of the outcome; a further one is one more line.
var auditModes = []mode{
	{"dev", nil},
	{"protected", map[string]string{"protectData": "true"}},
	{"webhook", webhook},
	{"no rotation", map[string]string{"rotationDays": "0"}},
	{"alarm mail", map[string]string{"alarmEmail": "somebody@example.com"}},
	{"readers", map[string]string{"readers": "2"}},
	{"single", modes["single"]},
	{"network", modes["network"]},
	{"classic", modes["classic"]},
}

// asIs is the type whose tags are a list with rules of its own: the provider's default tags do not get into it.
const asIs = "aws:autoscaling/group:Group"

// audited are the stub's resources with the provider's default tags. What the provider really makes of them,
// judgeStates sees.
func (s *stub) audited(t testing.TB) []audit.Resource {
	t.Helper()
	loaded, err := workspace.LoadProject("../Pulumi.yaml")
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
	for _, r := range s.resources {
		if !r.custom {
			continue
		}
		one := audit.Resource{Type: r.token, Name: r.name, Inputs: r.inputs, Outputs: resource.PropertyMap{}, References: map[string][]string{}}
		if r.token != asIs {
			tags := resource.PropertyMap{}
			for key, value := range defaults.Tags {
				tags[resource.PropertyKey(key)] = resource.NewStringProperty(value)
			}
			one.Outputs["tagsAll"] = resource.NewObjectProperty(tags)
		}
		for input, dependencies := range r.request.GetPropertyDependencies() {
			for _, urn := range dependencies.GetUrns() {
				one.References[input] = append(one.References[input], audit.Reference(urn))
			}
		}
		all = append(all, one)
	}
	return all
}

// verdict is what a rule comes to in one mode.
type verdict struct {
	passed, waived, inapplicable []string // resources
	unknown                      []string // only before they are made
	unset                        int      // of those that passed, by AWS's default
	argued                       bool     // by hand
}

// judge judges a rule in a mode, and fails the test where it fails and nobody argues why.
func judge(t *testing.T, rule audit.Rule, m mode, all []audit.Resource) (v verdict) {
	t.Helper()
	findings, err := audit.Judge(rule, all)
	if err != nil {
		t.Fatal(err)
	}
	if rule.Condition == audit.Custom && custom[rule.Name].check == nil {
		return verdict{argued: true}
	}
	for _, f := range findings {
		if f.Outcome == audit.Review {
			i := slices.IndexFunc(all, func(r audit.Resource) bool { return r.Type == rule.Type && r.Name == f.Resource })
			f.Outcome = custom[rule.Name].check(all[i], all)
		}
		reason := slices.IndexFunc(waivers, func(w waiver) bool { return w.covers(rule.Name, m, f.Resource) })
		switch {
		case f.Outcome == audit.Pass:
			v.passed = append(v.passed, f.Resource)
			if f.Unset {
				v.unset++
			}
		case f.Outcome == audit.Inapplicable:
			v.inapplicable = append(v.inapplicable, f.Resource)
		case f.Outcome == audit.Unknown:
			v.unknown = append(v.unknown, f.Resource)
		case reason >= 0:
			v.waived = append(v.waived, f.Resource)
		case rule.Applies != audit.Excluded: // whose reason stands in the rule
			t.Errorf("%s: %s fails %s: %s %s %v", m.name, f.Resource, rule.Name, rule.Property, rule.Condition, rule.Value)
		}
	}
	return v
}

func TestSecurityRulesHoldOrAreWaivedForAReasonInEveryMode(t *testing.T) {
	rules, err := audit.Rules()
	if err != nil {
		t.Fatal(err)
	}
	outcome := make([][]verdict, len(rules))
	for _, m := range auditModes {
		all := deployed(t, m.changes).audited(t)
		for i, rule := range rules {
			v := judge(t, rule, m, all)
			outcome[i] = append(outcome[i], v)
			if len(v.unknown) > 0 {
				t.Errorf("%s: %s cannot tell of %v", m.name, rule.Name, v.unknown)
			}
			for _, w := range waivers {
				for _, name := range w.stale(rule.Name, m, v) {
					t.Errorf("%s: %s is waived for %s, and does not fail: take the waiver away", m.name, rule.Name, name)
				}
			}
		}
	}
	known := func(name string) bool {
		return slices.ContainsFunc(rules, func(r audit.Rule) bool { return r.Name == name })
	}
	for _, w := range waivers {
		if !known(w.rule) {
			t.Errorf("a waiver of %s: no such rule", w.rule)
		}
	}
	for name := range custom {
		if !known(name) {
			t.Errorf("a check for %s: no such rule", name)
		}
	}
	for _, rule := range rules {
		if c := custom[rule.Name]; rule.Condition == audit.Custom && rule.Applies != audit.Excluded && c.check == nil && c.argument == "" {
			t.Errorf("%s is decided by nobody", rule.Name)
		}
	}
	table := report(rules, outcome)
	if *update {
		if err := os.WriteFile(auditTable, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(auditTable)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != table {
		have, want := strings.Split(string(kept), "\n"), strings.Split(table, "\n")
		for i := range max(len(have), len(want)) {
			if i >= len(have) || i >= len(want) || have[i] != want[i] {
				t.Fatalf("%s differs from line %d on: go test ./infra -run TestSecurityRules -update", auditTable, i+1)
			}
		}
	}
}
