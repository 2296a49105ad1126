package infra

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestThePageOfOutputsIsTheTable(t *testing.T) {
	page, err := os.ReadFile("../docs/outputs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var want strings.Builder
	for _, output := range Outputs {
		fmt.Fprintf(&want, "| `%s` | %s |\n", output.Name, output.Description)
	}
	if got := strings.TrimSpace(table); got != strings.TrimSpace(want.String()) {
		t.Errorf("the table is\n%s\nwant\n%s", got, want.String())
	}
}
