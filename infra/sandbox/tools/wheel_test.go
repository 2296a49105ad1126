package tools

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"scheduled-messages/infra/sandbox/filetest"
)

// wheel puts a moto, of the version that is wanted, where pip looks for it, and gives the file's hash. Its moto_server says
// hello.
func wheel(t *testing.T, dependencies ...string) (hash string) {
	t.Helper()
	folder := t.TempDir()
	var needs string
	for _, name := range dependencies {
		needs += "Requires-Dist: " + name + "\n"
	}
	about := "moto-" + motoVersion + ".dist-info/"
	file := filetest.Zip(t, map[string]string{
		"moto/__init__.py":         "def main():\n    print('hello')\n",
		about + "METADATA":         "Metadata-Version: 2.1\nName: moto\nVersion: " + motoVersion + "\nProvides-Extra: server\n" + needs,
		about + "WHEEL":            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		about + "entry_points.txt": "[console_scripts]\nmoto_server = moto:main\n",
		about + "RECORD":           "",
	})
	files(t, folder, map[string]string{"moto-" + motoVersion + "-py3-none-any.whl": string(file)})
	t.Setenv("PIP_FIND_LINKS", folder)
	return fmt.Sprintf("%x", sha256.Sum256(file))
}
