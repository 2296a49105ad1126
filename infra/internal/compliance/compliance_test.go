package compliance_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/compliance"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
)

//go:generate go test -count=1 -vet=off -run ^TestSecurityRules -update .

var update = flag.Bool("update", false, "write the page of the rules, instead of comparing with it")

// auditTable is where the outcome stands.
var auditTable = module.Path("docs/security-rules.md")

func TestSecurityRulesHoldOrAreWaivedForAReasonInEveryMode(t *testing.T) {
	rules, err := audit.Rules()
	if err != nil {
		t.Fatal(err)
	}
	outcome := make([][]compliance.Verdict, len(rules))
	for _, m := range infratest.AuditModes {
		all := infratest.Deployed(t, m.Changes).Audited(t)
		for i, rule := range rules {
			v := compliance.Judge(t, rule, m, all)
			outcome[i] = append(outcome[i], v)
			if len(v.Unknown) > 0 {
				t.Errorf("%s: %s cannot decide for %v", m.Name, rule.Name, v.Unknown)
			}
			for _, w := range compliance.Waivers {
				for _, name := range w.Stale(rule.Name, m, v) {
					t.Errorf("%s: %s is waived for %s, and does not fail: take the waiver away", m.Name, rule.Name, name)
				}
			}
		}
	}
	known := func(name string) bool {
		return slices.ContainsFunc(rules, func(r audit.Rule) bool { return r.Name == name })
	}
	for _, w := range compliance.Waivers {
		if !known(w.Rule) {
			t.Errorf("a waiver of %s: no such rule", w.Rule)
		}
	}
	for name := range compliance.Custom {
		if !known(name) {
			t.Errorf("a check for %s: no such rule", name)
		}
	}
	for _, rule := range rules {
		if c := compliance.Custom[rule.Name]; rule.Condition == audit.Custom && rule.Applies != audit.Excluded && c.Check == nil && c.Argument == "" {
			t.Errorf("%s is decided by nobody", rule.Name)
		}
	}
	table := compliance.Report(rules, outcome)
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
				t.Fatalf("%s is out of date from line %d on: run go generate ./...", auditTable, i+1)
			}
		}
	}
}
