// Package mysqlserver runs a MySQL server on this machine, for tests and for running the entire stack without AWS:
// Oracle's MySQL where it is on PATH, MariaDB where that is installed, and otherwise an embedded server that speaks the
// same protocol. Each is reached over TLS only, and only by the user of its options.
package mysqlserver

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
)

// Kind is one of the servers.
type Kind string

// The kinds of servers.
const (
	MySQL    Kind = "MySQL" // 8.0 or later
	MariaDB  Kind = "MariaDB"
	Embedded Kind = "embedded" // in this process, with its data in memory
)

// Options are what a server is started with.
type Options struct {
	Kind Kind // empty: the best
	// Dir is an empty folder for the server's data, below folders that another user may have to pass. It is closed to
	// all but the server's own user. Its path is short: a socket's holds at most 107 characters.
	Dir            string
	Host           string // a loopback address
	Port           int
	Certificate    *Certificate
	User, Password string // of a user who may do everything
	MaxConnections int
	GeneralLog     bool     // not kept by the embedded server
	Arguments      []string // more of them for mysqld or mariadbd
}

// Server is a MySQL server. It keeps its data over a stop.
type Server struct {
	Kind Kind

	engine engine
}

// engine is what the servers have in common.
type engine interface {
	start() error
	stop() error
	ended() <-chan struct{}
	output() string
	generalLog() ([]Entry, error)
	clearGeneralLog() error
}

// Has reports whether a server of the kind is installed.
func Has(kind Kind) bool {
	switch kind {
	case MySQL:
		bin, _ := mysqld()
		return bin != ""
	case MariaDB:
		return mariadbd() != ""
	}
	return kind == Embedded
}

// Best is the first kind of those above that is installed.
func Best() Kind {
	for _, kind := range []Kind{MySQL, MariaDB} {
		if Has(kind) {
			return kind
		}
	}
	return Embedded
}

// New makes a server, which is not started yet.
func New(o Options) (*Server, error) {
	if o.Kind == "" {
		o.Kind = Best()
	}
	s := &Server{Kind: o.Kind}
	// The folder holds the certificate's key, and the socket and the data of a server that has them.
	if err := os.Chmod(o.Dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	switch {
	case !Has(o.Kind):
		err = fmt.Errorf("there is no server %s on this machine", o.Kind)
	case o.Kind == MySQL:
		s.engine, err = newMySQL(o)
	case o.Kind == MariaDB:
		s.engine, err = newMariaDB(mariadbd(), o)
	default:
		s.engine, err = newEmbedded(o)
	}
	return s, err
}

// Start starts the server. It may take seconds until it answers.
func (s *Server) Start() error { return s.engine.start() }

// Stop ends the server as a crash would: its connections are cut and its port refuses new ones.
func (s *Server) Stop() error { return s.engine.stop() }

// Ended is closed when a server that was started has ended, by itself or not. The embedded one does not end by itself.
func (s *Server) Ended() <-chan struct{} { return s.engine.ended() }

// Output is what the server has written about itself, for one that does not start.
func (s *Server) Output() string { return s.engine.output() }

// Entry is what a server has received by one command.
type Entry struct {
	Connection int64
	Text       string // "Query SELECT 1", "Quit"
}

// GeneralLog is what the server has received.
func (s *Server) GeneralLog() ([]Entry, error) { return s.engine.generalLog() }

// ClearGeneralLog forgets what the server has received.
func (s *Server) ClearGeneralLog() error { return s.engine.clearGeneralLog() }

// FreePort looks below the ports that systems give to outgoing connections (from 32768 on, on Linux), so that no
// client's connection takes the port while the server is stopped.
func FreePort(host string) (port int, err error) {
	for range 20 {
		port = 10000 + rand.IntN(22000)
		var listener net.Listener
		if listener, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port))); err == nil {
			return port, listener.Close()
		}
	}
	return 0, err
}

// Quote writes a text as a literal of SQL.
func Quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
