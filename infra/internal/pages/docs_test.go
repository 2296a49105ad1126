package pages_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/sketch"
	"scheduled-messages/infra/monitoring"
)

// compare fails when a file is not what it should be, or makes it so.
func compare(t *testing.T, file string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Errorf("%s tells of another stack; make it anew: go test ./infra -run 'Sketch|Table' -update", file)
		return
	}
	if err := os.WriteFile(file, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSketchOfTheDashboardIsThatOfTheTable(t *testing.T) {
	file := module.Path("docs/dashboard.svg")
	got, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	compare(t, file, got, sketch.Dashboard(infratest.Loaded(t, nil)))
}

func TestTableOfAlarmsIsTheProgramsOwn(t *testing.T) {
	file := module.Path("docs/alarms.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^\| alarm \| fires at \|.*\n(\|.*\n)*`)
	if len(table.FindAll(page, -1)) != 1 {
		t.Fatal("no table of alarms")
	}
	var want strings.Builder
	want.WriteString("| alarm | fires at | fires, clears within | what it means, and what to do |\n| --- | --- | --- | --- |\n")
	for _, a := range monitoring.Alarms(infratest.Loaded(t, nil)) {
		fmt.Fprintf(&want, "| `%s` | %s | %s, %s | %s %s |\n", a.Name, a.When(), monitoring.During(60*a.Fires), monitoring.During(60*a.Clears), a.Summary, a.Runbook)
	}
	compare(t, file, page, table.ReplaceAllLiteral(page, []byte(want.String())))
}

var update = flag.Bool("update", false, "write the pages in docs that tests make, instead of comparing with them")
