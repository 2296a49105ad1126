package compliance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/infratest"
)

// Report is the outcome as a page: verdicts by rule and mode.
func Report(rules []audit.Rule, outcome [][]Verdict) string {
	var b strings.Builder
	b.WriteString("# Security rules\n\nMade by `go generate ./...`, in a test.")
	b.WriteString(` It judges every rule of the
[catalogue](../infra/internal/audit/README.md) over the resources that the program registers, in each of these modes:

| mode | configuration in addition to the defaults |
| --- | --- |
`)
	for _, m := range infratest.AuditModes {
		var changes []string
		for key, value := range m.Changes {
			changes = append(changes, fmt.Sprintf("`%s: %s`", key, value))
		}
		slices.Sort(changes)
		fmt.Fprintf(&b, "| %s | %s |\n", m.Name, strings.Join(changes, ", "))
	}
	b.WriteString(`
A verdict counts resources: "pass 3" is three of them; "not set" are those that pass by AWS's default. Without a mode
behind it, it is the same in all of them. A rule that fails stands here with the argument for it, or fails the test.
`)
	for _, part := range []struct{ applies, title, text string }{
		{audit.Required, "Required", "They have to pass in production."},
		{audit.Optional, "Optional", "Mostly a matter of cost; where we do without, the reason stands next to it."},
		{audit.Excluded, "Excluded", "They do not fit this design."},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| rule | resource | what | severity | verdict |\n| --- | --- | --- | --- | --- |\n", part.title, part.text)
		for i, rule := range rules {
			if rule.Applies == part.applies {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", strings.Join(rule.IDs, ", "),
					rule.Type[strings.LastIndexByte(rule.Type, ':')+1:], what(rule), rule.Severity, cell(rule, outcome[i]))
			}
		}
	}
	return b.String()
}

var escape = strings.NewReplacer("|", "\\|", "\n", " ")

// what is the rule in words: the property, the condition, why.
func what(rule audit.Rule) string {
	wants := strings.TrimSpace(rule.Property + " " + rule.Condition)
	value, related := rule.Value.(map[string]any)
	if kind, ok := value["pulumiType"].(string); related && ok {
		wants += fmt.Sprintf(" %s.%v", kind[strings.LastIndexByte(kind, ':')+1:], value["property"])
	} else if written, err := json.Marshal(rule.Value); rule.Value != nil && err == nil {
		wants += " " + string(written)
	}
	return fmt.Sprintf("`%s`: %s", escape.Replace(wants), escape.Replace(rule.Why))
}

// cell is the verdict in all auditModes, and the arguments.
func cell(rule audit.Rule, verdicts []Verdict) string {
	var texts []string
	in := map[string][]string{}
	for i, v := range verdicts {
		text := v.text(rule)
		if in[text] == nil {
			texts = append(texts, text)
		}
		in[text] = append(in[text], infratest.AuditModes[i].Name)
	}
	for i, text := range texts {
		if len(texts) > 1 {
			texts[i] = fmt.Sprintf("%s (%s)", text, strings.Join(in[text], ", "))
		}
	}
	lines := []string{strings.Join(texts, "; ")}
	if c := Custom[rule.Name]; c.how != "" {
		lines[0] += ", as " + c.how
	} else if c.Argument != "" {
		lines[0] += ": " + c.Argument
	}
	for _, w := range Waivers {
		if w.Rule != rule.Name {
			continue
		}
		line := "Waived"
		for _, part := range []string{strings.Join(w.resources, ", "), w.where.text} {
			if part != "" {
				line += " " + part
			}
		}
		lines = append(lines, line+": "+w.because)
	}
	return escape.Replace(strings.Join(lines, ". "))
}

func (v Verdict) text(rule audit.Rule) string {
	var parts []string
	for _, part := range []struct {
		word  string
		names []string
	}{{"pass", v.Passed}, {"waived", v.Waived}, {"does not apply to", v.Inapplicable}} {
		if n := len(part.names); n == 1 && part.names[0] == audit.Stack {
			parts = append(parts, part.word)
		} else if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", part.word, n))
		}
	}
	if len(parts) > 0 && v.unset > 0 {
		parts[0] += fmt.Sprintf(" (%d not set)", v.unset)
	}
	switch {
	case v.Argued && rule.Applies != audit.Excluded:
		return "by hand"
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case rule.Applies == audit.Excluded:
		return "does not apply"
	}
	return "no such resource"
}
