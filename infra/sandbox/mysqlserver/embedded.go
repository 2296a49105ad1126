package mysqlserver

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/mysql_db"
	"github.com/sirupsen/logrus"
)

// embedded is a MySQL-protocol server in this process, with its data in memory. It checks users and privileges, but
// isolates no transactions, and loses rows that connections write at the same time.
type embedded struct {
	config   server.Config
	provider *memory.DbProvider
	sql      *sqle.Engine
	running  *server.Server
	listener *cuttingListener
}

func newEmbedded(o Options) (*embedded, error) {
	logrus.SetOutput(io.Discard) // the server logs each statement that fails, with its text
	provider := memory.NewDBProvider()
	provider.WithOption(memory.NativeIndexProvider(true))
	e := &embedded{provider: provider, sql: sqle.NewDefault(provider), config: server.Config{
		Protocol: "tcp", Address: net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), Version: "8.0.36-embedded",
		MaxConnections: uint64(o.MaxConnections), RequireSecureTransport: true,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{o.Certificate.Pair}, MinVersion: tls.VersionTLS12},
	}}
	// For the entire process: the last server's folder, which stays empty.
	files, err := makeNoFiles(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := sql.SystemVariables.AssignValues(map[string]any{"secure_file_priv": files}); err != nil {
		return nil, err
	}
	users := e.sql.Analyzer.Catalog.MySQLDb
	users.SetPersister(&mysql_db.NoopPersister{}) // with none, the first CREATE USER panics
	editor := users.Editor()
	users.AddSuperUser(editor, o.User, "%", o.Password)
	editor.Close()
	return e, nil
}

func (e *embedded) start() error {
	listener, err := net.Listen(e.config.Protocol, e.config.Address)
	if err != nil {
		return err
	}
	e.listener = &cuttingListener{Listener: listener}
	e.config.Listener = e.listener
	e.running, err = server.NewServer(e.config, e.sql, sql.NewContext, memory.NewSessionBuilder(e.provider), nil)
	if err != nil {
		return err
	}
	go func(running *server.Server) { _ = running.Start() }(e.running)
	return nil
}

func (e *embedded) stop() error {
	if e.running == nil {
		return nil
	}
	err := e.running.Close()
	e.listener.cut()
	e.running = nil
	// Connections count from 1 again after a start, and one that is still ending would take a new one's place away.
	for range 500 {
		if len(e.sql.ProcessList.Processes()) == 0 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.Join(err, errors.New("the embedded server has connections that do not end"))
}

func (e *embedded) ended() <-chan struct{} { return nil }

func (e *embedded) output() string { return "" }

func (e *embedded) generalLog() ([]Entry, error) { return nil, nil }

func (e *embedded) clearGeneralLog() error { return nil }

// cuttingListener knows its connections, because the server's Close leaves them open.
type cuttingListener struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func (l *cuttingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conn)
	return conn, nil
}

func (l *cuttingListener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
	l.conns = nil
}
