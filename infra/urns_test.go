package infra_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/internal/module"
)

// replacedSince are the resources that the program replaces or deletes on purpose in a stack of commit 84ec925, by logical name,
// and why. Everything else keeps its URN and is updated in place at most: a resource that moves loses what is in it.
var replacedSince = map[string]string{
	"migration-run":                   "an invocation: a new version of the migrations runs",
	"monitoring-undelivered-letters":  "renamed to undelivered-messages; an alarm holds nothing",
	"monitoring-unwritten-letters":    "renamed to unwritten-messages; an alarm holds nothing",
	"monitoring-undelivered-messages": "renamed from undelivered-letters, with an alias: Pulumi replaces it",
	"monitoring-unwritten-messages":   "renamed from unwritten-letters, with an alias: Pulumi replaces it",
}

func TestStateOfAnEarlierProgramIsKept(t *testing.T) {
	aws := lifetest.LocalAWS(t)
	for stack, settings := range map[string][][]string{
		"dev":    nil,
		"single": {{"externalAccess", "single"}, {"--path", "externalAllowedCidrs[0]", "203.0.113.0/24"}},
		"ha":     {{"externalAccess", "ha"}, {"--path", "externalAllowedCidrs[0]", "203.0.113.0/24"}},
	} {
		t.Run(stack, func(t *testing.T) {
			t.Parallel()
			e := lifetest.NewEngine(t, t.TempDir(), stack, "AWS_ENDPOINT_URL="+aws)
			for _, setting := range settings {
				e.Pulumi(append([]string{"config", "set"}, setting...)...)
			}
			e.Pulumi("stack", "import", "--file", unpacked(t, e))
			before := len(e.Resources())
			out := e.Pulumi("preview", "--json")
			var preview struct {
				Steps []struct {
					Op, URN        string
					ReplaceReasons []string
				}
				ChangeSummary map[string]int
			}
			if err := json.Unmarshal([]byte(out[strings.IndexByte(out, '{'):]), &preview); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, step := range preview.Steps { // without those that stay the same
				name := step.URN[strings.LastIndex(step.URN, ":")+1:]
				if !slices.Contains([]string{"same", "create", "update", "read", "refresh"}, step.Op) && replacedSince[name] == "" {
					t.Errorf("%s %s: %v", step.Op, step.URN, step.ReplaceReasons)
				}
			}
			// The state also holds what Pulumi counts with no other: the providers.
			if kept := preview.ChangeSummary["same"] + preview.ChangeSummary["update"]; kept < before-len(replacedSince)-2 {
				t.Errorf("%d of %d resources are kept: %v", kept, before, preview.ChangeSummary)
			}
		})
	}
}

// unpacked is the kept state of a stack, in a file of its own, with the engine's key in the place of the one that was removed.
func unpacked(t *testing.T, e *lifetest.Engine) string {
	t.Helper()
	packed, err := os.Open(module.Path("infra/testdata/states", e.Stack+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	reader, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Version    int            `json:"version"`
		Deployment map[string]any `json:"deployment"`
	}
	if err := json.NewDecoder(reader).Decode(&state); err != nil {
		t.Fatal(err)
	}
	state.Deployment["secrets_providers"] = map[string]any{"type": "passphrase", "state": map[string]string{"salt": e.Salt()}}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), e.Stack+".json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
