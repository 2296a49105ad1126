package supervisor

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

// TestADataPlaneThatDiesEachTimeIsReportedInSeconds has one that never answers.
func TestADataPlaneThatDiesEachTimeIsReportedInSeconds(t *testing.T) {
	failed := make(chan error, 1)
	folder := t.TempDir()
	began := time.Now()
	_, err := Start(t.Context(), Options{
		Command: []string{"/bin/sh", "-c", "echo no disk >&2; exit 3"},
		Out:     io.Discard,
		Started: func(int) error { return nil },
		Failed:  func(err error) { failed <- err },
	}, dataplane.Options{Folder: folder, Socket: filepath.Join(folder, "s")})
	if err == nil || !strings.Contains(err.Error(), "it ends each time:\nno disk") || time.Since(began) > startLimit {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
	if err := <-failed; !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("reported is %v", err)
	}
}
