package pages_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"scheduled-messages/infra"
	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/sketch"
	"scheduled-messages/infra/monitoring"
	"scheduled-messages/lambda/contract"
)

//go:generate go test -count=1 -vet=off -run ^TestDocuments -update .

var update = flag.Bool("update", false, "write the documents that repeat the program's tables, instead of comparing with them")

// documents are those that repeat the program's tables, by their path: what belongs there, from what is there. Others come from
// the commands cost and diagram and from the rules of package compliance; go generate ./... writes all of them.
var documents = map[string]func(t *testing.T, there string) string{
	"Pulumi.yaml":           describedKeys,
	"docs/alarms.md":        alarmTable,
	"docs/configuration.md": keyTable,
	"docs/outputs.md":       outputTable,
	"docs/statuses.md":      statusTable,
	"docs/dashboard.svg": func(t *testing.T, _ string) string {
		return string(sketch.Dashboard(infratest.Loaded(t, nil)))
	},
}

func TestDocumentsRepeatTheProgramsTables(t *testing.T) {
	for path, made := range documents {
		there, err := os.ReadFile(module.Path(path))
		if err != nil && !*update {
			t.Fatal(err)
		}
		want := made(t, string(there))
		switch {
		case string(there) == want:
		case *update:
			if err := os.WriteFile(module.Path(path), []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s is out of date: run go generate ./...", path)
		}
	}
}

// replaceTable puts rows in the place of those below a table's head, which stands once in a page.
func replaceTable(t *testing.T, page, head string, rows []string) string {
	t.Helper()
	columns := strings.Count(head, "|") - 1
	head += "\n|" + strings.Repeat(" --- |", columns) + "\n"
	table := regexp.MustCompile(regexp.QuoteMeta(head) + `(\|.*\n)*`)
	if len(table.FindAllString(page, -1)) != 1 {
		t.Fatalf("no table, or more than one, begins with %q", head)
	}
	return table.ReplaceAllLiteralString(page, head+strings.Join(rows, ""))
}

func alarmTable(t *testing.T, page string) string {
	var rows []string
	for _, a := range monitoring.Alarms(infratest.Loaded(t, nil)) {
		fires, clears := monitoring.During(60*a.Fires), monitoring.During(60*a.Clears)
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s, %s | %s %s |\n", a.Name, a.When(), fires, clears, a.Summary, a.Runbook))
	}
	return replaceTable(t, page, "| alarm | fires at | fires, clears within | what it means, and what to do |", rows)
}

func outputTable(t *testing.T, page string) string {
	var rows []string
	for _, output := range infra.Outputs {
		rows = append(rows, fmt.Sprintf("| `%s` | %s |\n", output.Name, output.Description))
	}
	return replaceTable(t, page, "| output | |", rows)
}

func statusTable(t *testing.T, page string) string {
	var rows []string
	for _, status := range contract.Statuses() {
		var next []string
		for _, following := range status.Next() {
			next = append(next, "`"+string(following)+"`")
		}
		text := strings.Join(next, ", ")
		if next == nil {
			text = "none: it is final"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s |\n", status, text))
	}
	return replaceTable(t, page, "| status | may be followed by |", rows)
}

// declared are the keys of Pulumi.yaml, which holds their defaults.
func declared(t *testing.T) map[string]workspace.ProjectConfigType {
	t.Helper()
	project, err := workspace.LoadProject(module.Path("Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return project.Config
}

func keyTable(t *testing.T, page string) string {
	defaults := declared(t)
	var rows []string
	for _, key := range config.Keys() {
		text := strings.Trim(fmt.Sprint(defaults[key.Name].Default), "[]")
		if text == "" {
			text = "none"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | `%s` | %s |\n", key.Name, text, key.Markdown()))
	}
	return replaceTable(t, page, "| key | default | |", rows)
}

func describedKeys(t *testing.T, file string) string {
	undescribed := declared(t)
	for _, key := range config.Keys() {
		line := regexp.MustCompile(`(?m)^(  ` + key.Name + `:\n    default: .*\n    description:) .*$`)
		if !line.MatchString(file) {
			t.Fatalf("Pulumi.yaml has no key %s with a default and, below it, a description", key.Name)
		}
		file = line.ReplaceAllString(file, "${1} "+strings.ReplaceAll(strconv.Quote(key.Description()), "$", "$$"))
		delete(undescribed, key.Name)
	}
	for name := range undescribed {
		if !strings.Contains(name, ":") { // the provider's have a namespace
			t.Errorf("Pulumi.yaml: %s is no key of the program", name)
		}
	}
	return file
}
