package infra

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// writeDocs makes what is otherwise compared: go test ./infra -run 'Sketch|Table' -write
var writeDocs = flag.Bool("write", false, "write the dashboard's sketch and the README's table of alarms")

// compare fails when a file is not what it should be, or makes it so.
func compare(t *testing.T, file string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	if !*writeDocs {
		t.Errorf("%s tells of another stack; make it anew: go test ./infra -run 'Sketch|Table' -write", file)
		return
	}
	if err := os.WriteFile(file, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSketchOfTheDashboardIsThatOfTheTable(t *testing.T) {
	const file = "docs/dashboard.svg"
	got, err := os.ReadFile(file)
	if err != nil && !*writeDocs {
		t.Fatal(err)
	}
	compare(t, file, got, sketch(loaded(t, nil)))
}

func TestTableOfAlarmsInTheReadmeIsTheProgramsOwn(t *testing.T) {
	const file = "../README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^\| alarm \| rings at \|.*\n(\|.*\n)*`)
	if len(table.FindAll(readme, -1)) != 1 {
		t.Fatal("no table of alarms")
	}
	var want strings.Builder
	want.WriteString("| alarm | rings at | what it means, and what to do |\n| --- | --- | --- |\n")
	for _, a := range alarms(loaded(t, nil)) {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", a.name, a.when(), a.description())
	}
	compare(t, file, readme, table.ReplaceAllLiteral(readme, []byte(want.String())))
}
