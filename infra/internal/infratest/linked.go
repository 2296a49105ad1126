package infratest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// LinkedAt is when functions were last linked below a folder: that makes a folder for the binaries next to the zips, which
// shows in the time of the folder that holds it.
func LinkedAt(t *testing.T, module string) time.Time {
	t.Helper()
	info, err := os.Stat(filepath.Join(module, ".build", "lambda", "arm64"))
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
