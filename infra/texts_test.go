package infra

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"

	"scheduled-messages/infra/config"
)

// longest are names and values at their limits: those of projects and stacks are Pulumi's.
var longest = map[string]string{
	"databaseName":         strings.Repeat("m", 64),
	"alarmEmail":           strings.Repeat("a", 64) + "@" + strings.Repeat(strings.Repeat("b", 61)+".", 3) + "com",
	"zones":                `["us-east-1a","us-east-1b","us-east-1c","us-east-1d","us-east-1e","us-east-1f"]`,
	"readers":              "15",
	"webhookAllowedHosts":  manyHosts(config.HostsBytes),
	"externalAllowedCidrs": manyRanges(config.MaxClientRanges),
}

// deployedAs is what the program registers in a project and a stack of other names.
func deployedAs(t *testing.T, project, stack string, changes map[string]string) *stub {
	t.Helper()
	s := &stub{stack: stack}
	config := map[string]string{}
	for key, value := range settings(t, with(given, changes)) {
		config[strings.Replace(key, "scheduled-messages:", project+":", 1)] = value
	}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return deploy(ctx, built) }, pulumi.WithMocks(project, stack, s),
		func(info *pulumi.RunInfo) { info.Config = config })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judgeTexts judges every string of every resource, and the names that Pulumi makes.
func judgeTexts(t *testing.T, mode string, s *stub) {
	t.Helper()
	for _, r := range s.resources {
		token, ours := strings.CutPrefix(r.token, "aws:")
		if !r.custom || !ours {
			continue // random's resources are in the state alone
		}
		known, there := sent[token]
		if !there {
			t.Errorf("%s: %s: the table knows no %s: add its texts", mode, r.name, token)
			continue
		}
		report := func(path, text string) {
			f, there := known.lookUpForm(path)
			if !there && reference.MatchString(path) {
				f, there = form{pattern: `[!-~]+`}, true
			}
			if !there && strings.HasPrefix(path, "tags.") { // of the same form for every service
				f, there = tagValue, true
			}
			if !there {
				t.Errorf("%s: %s: the table knows no %s of %s (%q): add it with what AWS takes", mode, r.name, path, token, text)
			} else if err := f.judge(text); err != nil {
				t.Errorf("%s: %s: %s: %v: %s", mode, r.name, path, err, known.page)
			}
		}
		for key, value := range r.inputs {
			walkStrings(string(key), value, report)
		}
		if _, set := r.value(known.named); known.named != "" && !set {
			report(known.named, r.name+"-0123456")
		}
	}
}

func TestEveryTextThatTheProgramSendsIsOneThatAWSTakesInEveryMode(t *testing.T) {
	for _, m := range auditModes {
		judgeTexts(t, m.name, deployed(t, m.changes))
	}
}

func TestEveryTextIsOneThatAWSTakesWithNamesAndValuesAtTheirLimits(t *testing.T) {
	for _, name := range []string{strings.Repeat("p", 100), strings.Repeat("7_.-", 25), "_"} {
		for mode, changes := range modes {
			judgeTexts(t, name+" "+mode, deployedAs(t, name, name, with(changes, longest, map[string]string{"channels": webhook["channels"]})))
		}
	}
}

func TestEveryFormOfTheTableNamesItsPageAndIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, m := range auditModes {
		for _, r := range deployed(t, m.changes).resources {
			token := strings.TrimPrefix(r.token, "aws:")
			for key, value := range r.inputs {
				walkStrings(string(key), value, func(path, _ string) {
					used[token+" "+path] = true
					used[token+" "+path[:max(0, strings.LastIndexByte(path, '.'))]+".*"] = true
				})
			}
			used[token+" "+sent[token].named] = true
		}
	}
	for token, known := range sent {
		if !strings.HasPrefix(known.page, "https://docs.aws.amazon.com/") {
			t.Errorf("%s names no page", token)
		}
		for path := range known.forms {
			if !used[token+" "+path] {
				t.Errorf("%s has no %s: take it out of the table", token, path)
			}
		}
	}
}

func TestDefaultTagsAreTagsForEveryService(t *testing.T) {
	for _, file := range []string{"../Pulumi.yaml"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var read struct {
			Config map[string]any
		}
		if err := yaml.Unmarshal(content, &read); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(read.Config["aws:defaultTags"])
		if err != nil {
			t.Fatal(err)
		}
		var tags struct {
			Tags  map[string]string
			Value struct{ Tags map[string]string }
		}
		if err := json.Unmarshal(written, &tags); err != nil {
			t.Fatal(err)
		}
		all := maps.Clone(tags.Value.Tags)
		if all == nil {
			all = tags.Tags
		}
		if len(all) == 0 {
			t.Errorf("%s has no default tags", file)
		}
		for key, value := range all {
			if err := tagKey.judge(key); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			if err := tagValue.judge(value); err != nil || value == "" {
				t.Errorf("%s: %s: %v", file, key, err)
			}
		}
	}
}
