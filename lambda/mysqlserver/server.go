// Package mysqlserver runs a MySQL server on this machine, for tests and for running the whole stack without AWS:
// MariaDB where it is installed, and otherwise an embedded server that speaks the same protocol. Either is reached
// over TLS only.
package mysqlserver

import (
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
)

// Options are what a server is started with.
type Options struct {
	// Dir is an empty folder for the server's data, which another user may have to reach. Its path is short: a
	// socket's holds at most 107 characters.
	Dir            string
	Host           string // a loopback address
	Port           int
	Certificate    *Certificate
	User, Password string // of a user who may do everything
	MaxConnections int
	Embedded       bool     // even where MariaDB is installed
	GeneralLog     bool     // kept by MariaDB only
	Arguments      []string // more of them for mariadbd
}

// Server is a MySQL server. It keeps its data over a stop.
type Server struct {
	Real bool // MariaDB; false: the embedded server, which has no general log and knows less SQL

	engine engine
}

// engine is what MariaDB and the embedded server have in common.
type engine interface {
	start() error
	stop() error
	said() string
	generalLog() ([]string, error)
}

// New makes a server, which is not started yet.
func New(o Options) (*Server, error) {
	if bin := mariadbd(); bin != "" && !o.Embedded {
		engine, err := newMariaDB(bin, o)
		return &Server{Real: true, engine: engine}, err
	}
	engine, err := newEmbedded(o)
	return &Server{engine: engine}, err
}

// HasMariaDB tells whether MariaDB is installed.
func HasMariaDB() bool { return mariadbd() != "" }

// Start starts the server. It may take seconds until it answers.
func (s *Server) Start() error { return s.engine.start() }

// Stop takes the server away as a crash would: its connections are cut and its port refuses new ones.
func (s *Server) Stop() error { return s.engine.stop() }

// Said is what the server has to tell of itself, when it does not start.
func (s *Server) Said() string { return s.engine.said() }

// GeneralLog is what MariaDB has received, one entry a command.
func (s *Server) GeneralLog() ([]string, error) { return s.engine.generalLog() }

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

// Quote writes a text as SQL does.
func Quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
