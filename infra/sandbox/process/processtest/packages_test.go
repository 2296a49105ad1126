package processtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// starters are packages that start processes for whoever imports them.
var starters = []string{
	"os/exec",
	"scheduled-messages/infra/sandbox/database", "scheduled-messages/infra/sandbox/endpoint", "scheduled-messages/infra/sandbox/lambdaruntime",
	"scheduled-messages/infra/sandbox/lambdatest", "scheduled-messages/infra/sandbox/mysqlserver", "scheduled-messages/infra/sandbox/mysqltest",
	"scheduled-messages/infra/sandbox/project", "scheduled-messages/infra/sandbox/session", "scheduled-messages/infra/sandbox/supervisor",
}

// TestEveryPackageThatStartsProcessesShowsThatItLeavesNone reads the sources of the entire module.
func TestEveryPackageThatStartsProcessesShowsThatItLeavesNone(t *testing.T) {
	const root = "../../../.."
	checked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if _, nested := os.Stat(filepath.Join(path, "go.mod")); path != root && (nested == nil || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		starts, tests, shows := look(t, path)
		if !starts || !tests {
			return nil
		}
		checked++
		if !shows {
			t.Errorf("%s: its tests start processes, and no TestMain calls processtest.Main", path)
		}
		return nil
	})
	if err != nil || checked < 10 {
		t.Errorf("%d packages were found: %v", checked, err)
	}
}

// look reads a package: whether it starts processes, has tests, and ends them with Main.
func look(t *testing.T, folder string) (starts, tests, shows bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			starts = starts || slices.Contains(starters, name)
		}
		if !strings.HasSuffix(path, "_test.go") {
			continue
		}
		tests = true
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"processtest.Main(", "processtest.Command(", "processtest.Checked{", "mysqltest.Main("} {
			shows = shows || strings.Contains(string(text), call)
		}
	}
	return starts, tests, shows
}
