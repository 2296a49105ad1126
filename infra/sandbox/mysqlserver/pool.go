package mysqlserver

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"scheduled-messages/infra/sandbox/process"
)

// Pool stands in for RDS Proxy. HAProxy lets a number of connections through to a server, and has the others wait; but
// it forwards connections, where RDS Proxy lends one for a statement. MySQL Router lends one for a statement, and none to
// others while a session has state of its own, as RDS Proxy does; but it opens more connections where RDS Proxy has clients wait.
type Pool struct {
	command *exec.Cmd
	exited  chan struct{}
}

// HAProxy is where haproxy is, and "" where it is not installed.
func HAProxy() string {
	for _, name := range []string{"haproxy", "/usr/sbin/haproxy"} { // Debian's is not on everyone's PATH
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// StartPool starts a pool of connections that listens on one address, host:port, for a server on another. Its
// configuration goes into the folder. It returns once the pool listens.
func StartPool(folder, listen, server string, connections int) (*Pool, error) {
	config := filepath.Join(folder, "haproxy.cfg")
	text := fmt.Sprintf(`global
  maxconn 2000
defaults
  mode tcp
  timeout connect 10s
  timeout client 10m
  timeout server 10m
  timeout queue 10m
listen pool
  bind %s backlog 2000
  server database %s maxconn %d
`, listen, server, connections)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return startPool(exec.Command(HAProxy(), "-db", "-f", config), listen)
}

// startPool runs a pool's command and returns once it listens.
func startPool(command *exec.Cmd, listen string) (*Pool, error) {
	var printed bytes.Buffer
	p := &Pool{command: command, exited: make(chan struct{})}
	p.command.Stdout, p.command.Stderr, p.command.SysProcAttr = &printed, &printed, process.DieWithParent(nil)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.command.Wait()
		close(p.exited)
	}()
	for range 200 {
		if conn, err := net.Dial("tcp", listen); err == nil {
			return p, conn.Close()
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("%s: %s", command.Path, printed.Bytes())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not listen on %s", command.Path, listen), p.Stop())
}

// Stop cuts all connections.
func (p *Pool) Stop() error {
	err := p.command.Process.Kill()
	<-p.exited
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}
