package tlsroots

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

// authority writes the certificate of a test server's authority to a file in a folder of its own.
func authority(t *testing.T) string {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	path := filepath.Join(t.TempDir(), "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// trusted is how many authorities a process trusts that was started with the variables and called Load.
func trusted(t *testing.T, variables ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "-test.run=^TestMain$")
	child.Env = append([]string{"ROOTS_TEST_CHILD=yes"}, variables...)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestMain is the child too: the roots are read once a process.
func TestMain(m *testing.M) {
	if os.Getenv("ROOTS_TEST_CHILD") == "" {
		processtest.Main(m)
	}
	Load()
	pool, err := x509.SystemCertPool()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(len(pool.Subjects())) //nolint:staticcheck // a pool of the system's, read from files, has them all
}

func TestTheBundleIsReadAndNotTheFilesNextToIt(t *testing.T) {
	one := authority(t)
	if got := trusted(t, "SSL_CERT_FILE="+one); got != "1" {
		t.Errorf("trusts %s authorities, of which the file holds one", got)
	}
	if got := skip(func(string) string { return "" }); got == "" {
		for _, file := range Bundles {
			if _, err := os.Stat(file); err == nil {
				t.Errorf("%s is there, and the directories would be read too", file)
			}
		}
	}
}

func TestDirectoriesAreReadWhereSomebodyNamesThem(t *testing.T) {
	if got := trusted(t, "SSL_CERT_FILE="+os.DevNull, "SSL_CERT_DIR="+filepath.Dir(authority(t))); got != "1" {
		t.Errorf("trusts %s authorities, of which the directory holds one", got)
	}
}

func TestDirectoriesAreReadWhereNoBundleIs(t *testing.T) {
	for name, file := range map[string]string{"no file": filepath.Join(t.TempDir(), "none"), "nothing in it": os.DevNull} {
		if got := skip(func(key string) string { return map[string]string{"SSL_CERT_FILE": file}[key] }); got != "" {
			t.Errorf("%s: the directories would not be read, and nothing would be trusted", name)
		}
	}
}
