package socket

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func serve(t *testing.T, path, answer string) *http.Server {
	t.Helper()
	listener, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func folder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "socket-") // whose name is short, unlike a test's
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func TestAServerIsReachedAtItsSocketAndTakesAFormerOnesPlace(t *testing.T) {
	path := filepath.Join(folder(t), "s")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // of one that was killed
		t.Fatal(err)
	}
	serve(t, path, "here")
	client := &http.Client{Transport: Transport(path)}
	response, err := client.Get("http://anything/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); string(text) != "here" {
		t.Errorf("it answers %q, %v", text, err)
	}
}

func TestASocketThatOthersMayReachIsRefused(t *testing.T) {
	open := folder(t)
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(filepath.Join(open, "s")); err == nil || !strings.Contains(err.Error(), "has mode 755: must be") {
		t.Errorf("got %v", err)
	}
}

func TestAPathThatIsTooLongIsRefusedInWords(t *testing.T) {
	if err := Check(strings.Repeat("/long", 30)); err == nil || !strings.Contains(err.Error(), "at most 103 bytes") {
		t.Errorf("got %v", err)
	}
}
