package compliance

import (
	"slices"
	"testing"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/infratest"
)

// Verdict is the result of a rule in one mode.
type Verdict struct {
	Passed, Waived, Inapplicable []string // resources
	Unknown                      []string // only before they are made
	unset                        int      // of those that passed, by AWS's default
	Argued                       bool     // by hand
}

// Judge judges a rule in a mode, and fails the test where it fails and nobody argues why.
func Judge(t *testing.T, rule audit.Rule, m infratest.Mode, all []audit.Resource) (v Verdict) {
	t.Helper()
	findings, err := audit.Judge(rule, all)
	if err != nil {
		t.Fatal(err)
	}
	if rule.Condition == audit.Custom && Custom[rule.Name].Check == nil {
		return Verdict{Argued: true}
	}
	for _, f := range findings {
		if f.Outcome == audit.Review {
			i := slices.IndexFunc(all, func(r audit.Resource) bool { return r.Type == rule.Type && r.Name == f.Resource })
			f.Outcome = Custom[rule.Name].Check(all[i], all)
		}
		reason := slices.IndexFunc(Waivers, func(w waiver) bool { return w.covers(rule.Name, m, f.Resource) })
		switch {
		case f.Outcome == audit.Pass:
			v.Passed = append(v.Passed, f.Resource)
			if f.Unset {
				v.unset++
			}
		case f.Outcome == audit.Inapplicable:
			v.Inapplicable = append(v.Inapplicable, f.Resource)
		case f.Outcome == audit.Unknown:
			v.Unknown = append(v.Unknown, f.Resource)
		case reason >= 0:
			v.Waived = append(v.Waived, f.Resource)
		case rule.Applies != audit.Excluded: // whose reason stands in the rule
			t.Errorf("%s: %s fails %s: %s %s %v", m.Name, f.Resource, rule.Name, rule.Property, rule.Condition, rule.Value)
		}
	}
	return v
}
