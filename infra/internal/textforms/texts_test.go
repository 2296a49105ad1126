package textforms_test

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/textforms"
)

// judgeTexts judges every string of every resource, and the names that Pulumi makes.
func judgeTexts(t *testing.T, mode string, s *infratest.Mock) {
	t.Helper()
	for _, r := range s.Resources {
		token, ours := strings.CutPrefix(r.Token, "aws:")
		if !r.Custom || !ours {
			continue // random's resources are in the state alone
		}
		known, there := textforms.Sent[token]
		if !there {
			t.Errorf("%s: %s: the table knows no %s: add its texts", mode, r.Name, token)
			continue
		}
		report := func(path, text string) {
			f, there := known.LookUpForm(path)
			if !there && textforms.Reference.MatchString(path) {
				f, there = textforms.Form{Pattern: `[!-~]+`}, true
			}
			if !there && strings.HasPrefix(path, "tags.") { // of the same form for every service
				f, there = textforms.TagValue, true
			}
			if !there {
				t.Errorf("%s: %s: the table knows no %s of %s (%q): add it with what AWS takes", mode, r.Name, path, token, text)
			} else if err := f.Judge(text); err != nil {
				t.Errorf("%s: %s: %s: %v: %s", mode, r.Name, path, err, known.Page)
			}
		}
		for key, value := range r.Inputs {
			textforms.WalkStrings(string(key), value, report)
		}
		if _, set := r.Value(known.Named); known.Named != "" && !set {
			report(known.Named, r.Name+"-0123456")
		}
	}
}

func TestEveryTextThatTheProgramSendsIsOneThatAWSTakesInEveryMode(t *testing.T) {
	for _, m := range infratest.AuditModes {
		judgeTexts(t, m.Name, infratest.Deployed(t, m.Changes))
	}
}

func TestEveryTextIsOneThatAWSTakesWithNamesAndValuesAtTheirLimits(t *testing.T) {
	for _, name := range []string{strings.Repeat("p", 100), strings.Repeat("7_.-", 25), "_"} {
		for mode, changes := range infratest.Modes {
			judgeTexts(t, name+" "+mode, infratest.DeployedAs(t, name, name, infratest.With(changes, infratest.Longest, map[string]string{"channels": infratest.Webhook["channels"]})))
		}
	}
}

func TestEveryFormOfTheTableNamesItsPageAndIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, m := range infratest.AuditModes {
		for _, r := range infratest.Deployed(t, m.Changes).Resources {
			token := strings.TrimPrefix(r.Token, "aws:")
			for key, value := range r.Inputs {
				textforms.WalkStrings(string(key), value, func(path, _ string) {
					used[token+" "+path] = true
					used[token+" "+path[:max(0, strings.LastIndexByte(path, '.'))]+".*"] = true
				})
			}
			used[token+" "+textforms.Sent[token].Named] = true
		}
	}
	for token, known := range textforms.Sent {
		if !strings.HasPrefix(known.Page, "https://docs.aws.amazon.com/") {
			t.Errorf("%s names no page", token)
		}
		for path := range known.Forms {
			if !used[token+" "+path] {
				t.Errorf("%s has no %s: take it out of the table", token, path)
			}
		}
	}
}

func TestDefaultTagsAreTagsForEveryService(t *testing.T) {
	for _, file := range []string{module.Path("Pulumi.yaml")} {
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
			if err := textforms.TagKey.Judge(key); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			if err := textforms.TagValue.Judge(value); err != nil || value == "" {
				t.Errorf("%s: %s: %v", file, key, err)
			}
		}
	}
}
