package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"scheduled-messages/lambda/contract"
)

func TestPulumiYAMLDescribesTheVeryKeysOfTheTable(t *testing.T) {
	project, err := workspace.LoadProject("../../Pulumi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range Keys() {
		declared, there := project.Config[key.Name]
		if !there || declared.Description != key.Description() {
			t.Errorf("%s: %q, want %q", key.Name, declared.Description, key.Description())
		}
		delete(project.Config, key.Name)
	}
	for name := range project.Config {
		if !strings.Contains(name, ":") { // the provider's have a namespace
			t.Errorf("%s is no row of the table", name)
		}
	}
}

func TestThePageOfTheConfigurationIsTheTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(page)
	for _, key := range Keys() {
		_, after, there := strings.Cut(rest, "\n| `"+key.Name+"` | ")
		if !there {
			t.Errorf("no row for %s, or in another place", key.Name)
			continue
		}
		row, _, _ := strings.Cut(after, "\n")
		if !strings.HasSuffix(row, " | "+key.Markdown()+" |") {
			t.Errorf("%s: %q, want %q", key.Name, row, key.Markdown())
		}
		rest = after
	}
}

// variables are the sender's that a row sets.
func (row Channel) variables() (all []string) {
	if row.Topic != nil {
		all = append(all, row.Topic.Variable)
	}
	if row.Hosts != nil {
		all = append(all, row.Hosts.Variable)
	}
	if row.Secret != nil {
		all = append(all, row.Secret.Variable)
	}
	return all
}

func TestEveryChannelOfTheContractHasARow(t *testing.T) {
	var rows []contract.Channel
	for _, row := range Channels {
		rows = append(rows, row.Name)
		if len(row.variables()) == 0 || row.Recipient == "" {
			t.Errorf("%s sets no variable of the sender or has no recipient", row.Name)
		}
	}
	if !slices.Equal(rows, contract.Channels()) {
		t.Errorf("rows for %v, the contract has %v", rows, contract.Channels())
	}
}
