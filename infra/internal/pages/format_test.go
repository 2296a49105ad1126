package pages_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/module"
)

// TestFormatsNameNoArgumentByItsNumber: after %[4]s a plain verb takes argument 5, whatever it took before, and fmt then
// reports no argument too many. A query of the dashboard counted SENT under FAILED that way.
func TestFormatsNameNoArgumentByItsNumber(t *testing.T) {
	numbered := regexp.MustCompile(`%[-+# 0-9.*]*\[[0-9]+\]`)
	files := 0
	err := filepath.WalkDir(module.Root(), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != module.Root():
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || path == module.Path("infra/internal/pages/format_test.go"):
			return nil
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(literal.Value); err == nil && numbered.MatchString(text) {
				t.Errorf("%s: %s", set.Position(literal.Pos()), literal.Value)
			}
			return true
		})
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files read: %v", files, err)
	}
}
