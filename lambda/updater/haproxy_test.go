package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// startHAProxy starts a proxy that lets poolSize connections at a time through to the server, and has the others wait.
func startHAProxy(t *testing.T, haproxy string, port int) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "haproxy.cfg")
	text := fmt.Sprintf(`global
  maxconn 2000
defaults
  mode tcp
  timeout connect 10s
  timeout client 10m
  timeout server 10m
  timeout queue 10m
listen pool
  bind 127.0.0.1:%d backlog 2000
  server database 127.0.0.1:%d maxconn %d
`, own, port, poolSize)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(haproxy, "-db", "-f", config)
	said := &output{}
	command.Stdout, command.Stderr = said, said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	for range 200 {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", own)); err == nil {
			conn.Close()
			return own
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("haproxy does not listen: %s", said)
	return 0
}
