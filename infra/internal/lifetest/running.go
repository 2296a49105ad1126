package lifetest

import (
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/database"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/socket"
)

// speed divides the data plane's waits before retries.
const speed = 1000

// Running is a local AWS of a test alone in which everything runs: databases, proxies, functions and schedules.
type Running struct {
	URL string

	mu     sync.Mutex
	logins map[string]mysqlserver.Login
}

// RunningAWS starts one, which ends with the test. It skips the test where there is no server of SQL.
func RunningAWS(t *testing.T) *Running {
	t.Helper()
	LocalAWS(t)
	moto, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("needs moto_server on PATH")
	}
	if mysqlserver.Best() == mysqlserver.Embedded {
		t.Skip("needs a server MySQL or MariaDB")
	}
	r := &Running{}
	folder, err := os.MkdirTemp("", "life-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil { // the database may run as another user
		t.Fatal(err)
	}
	clusters, err := database.NewClusters(t.Context(), database.Options{
		Folder:      filepath.Join(folder, "mysql"),
		ClientFiles: t.TempDir(),
		Changed:     r.set,
		Failed:      func(err error) { t.Error(err) },
	})
	t.Cleanup(func() {
		if err := clusters.Close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	private := filepath.Join(folder, "plane")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	plane := dataplane.Options{
		Region:      environment.Region,
		Keys:        LocalKeys(t),
		Socket:      filepath.Join(private, "socket"),
		Folder:      t.TempDir(),
		CAFile:      clusters.Certificate.CAFile,
		Speed:       speed,
		Concurrency: clusters.Concurrency,
	}
	e, err := endpoint.Start(t.Context(), endpoint.Options{
		Listen: "127.0.0.1:0", Moto: moto, Log: io.Discard, Keys: plane.Keys, Functions: "unix://" + plane.Socket, Databases: clusters})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Wait() }) // its context has ended by then
	r.URL, plane.Endpoint = e.URL(), e.URL()
	runPlane(t, plane)
	return r
}

// runPlane runs a data plane until the test ends, and returns once it answers.
func runPlane(t *testing.T, plane dataplane.Options) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- dataplane.Run(t.Context(), plane) }()
	t.Cleanup(func() { // its context has ended by then
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if text, err := os.ReadFile(filepath.Join(plane.Folder, dataplane.FunctionsLog)); err == nil && t.Failed() {
			t.Logf("the functions: %s", text)
		}
	})
	client := &http.Client{Transport: socket.Transport(plane.Socket)}
	for {
		if response, err := client.Get("http://plane/"); err == nil {
			response.Body.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatal("the data plane has ended")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (r *Running) set(logins map[string]mysqlserver.Login) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logins = logins
	return nil
}

// Databases are the logins of users who may do everything, by the servers' hosts.
func (r *Running) Databases() map[string]mysqlserver.Login {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.logins)
}
