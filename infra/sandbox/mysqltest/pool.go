package mysqltest

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/process/processtest"
)

// pool has the servers that tests are done with.
var pool struct {
	sync.Mutex
	keeps bool // servers for later tests: there is a Main that takes them away
	idle  map[string][]*Server
}

// Main runs the tests of a package as testing.M.Run does, and keeps servers from one test to the next.
func Main(m *testing.M) {
	pool.keeps, pool.idle = true, map[string][]*Server{}
	processtest.Main(m, func() {
		for _, servers := range pool.idle {
			for _, s := range servers {
				s.remove()
			}
		}
	})
}

func takeIdle(key string) *Server {
	pool.Lock()
	defer pool.Unlock()
	servers := pool.idle[key]
	if len(servers) == 0 {
		return nil
	}
	pool.idle[key] = servers[:len(servers)-1]
	return servers[len(servers)-1]
}

// putIdle reports whether the server was kept.
func (s *Server) putIdle(key string) bool {
	pool.Lock()
	defer pool.Unlock()
	if !pool.keeps || key == "" || s.stopped {
		return false
	}
	pool.idle[key] = append(pool.idle[key], s)
	return true
}

// leftovers are queries for the statements that take away what a test may have made.
var leftovers = []string{
	"SELECT CONCAT('KILL ', id) FROM information_schema.processlist " +
		"WHERE id <> CONNECTION_ID() AND user NOT IN ('system user', 'event_scheduler')",
	"SELECT CONCAT('DROP DATABASE `', schema_name, '`') FROM information_schema.schemata " +
		"WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')",
	// MariaDB's roles have no host.
	"SELECT CONCAT('DROP ', IF(host = '', CONCAT('ROLE ', QUOTE(user)), CONCAT('USER ', QUOTE(user), '@', QUOTE(host)))) " +
		"FROM mysql.user WHERE user NOT IN ('keeper', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', 'PUBLIC')",
}

// reset leaves the master user and nothing else of what a test may have made, but for global variables.
func (s *Server) reset() error {
	connector, err := mysql.NewConnector(s.Config(s.keeper.User, s.keeper.Password, ""))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	db.SetMaxOpenConns(1)
	var statements []string
	for _, query := range leftovers {
		found, err := db.Query(query)
		if err != nil {
			return err
		}
		for found.Next() {
			var statement string
			if err := found.Scan(&statement); err != nil {
				return err
			}
			statements = append(statements, statement)
		}
		if err := errors.Join(found.Err(), found.Close()); err != nil {
			return err
		}
	}
	admin := mysqlserver.Quote(AdminUser) + "@'%'"
	for _, statement := range append(statements,
		"FLUSH STATUS",
		"CREATE USER "+admin+" IDENTIFIED BY "+mysqlserver.Quote(AdminPassword),
		"GRANT ALL PRIVILEGES ON *.* TO "+admin+" WITH GRANT OPTION") {
		_, err := db.Exec(statement)
		if err != nil && !strings.HasPrefix(statement, "KILL") { // which may have ended by itself
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return s.server.ClearGeneralLog()
}
