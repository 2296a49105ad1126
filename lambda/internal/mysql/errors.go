package mysql

import (
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// Error numbers of MySQL and MariaDB.
const (
	accessDenied     = 1045
	serverShutdown   = 1053
	deadlock         = 1213
	connectionKilled = 1927 // MariaDB
	idleDisconnect   = 4031 // MySQL, for wait_timeout
)

// denied says whether the server refused the password.
func denied(err error) bool { return is(err, accessDenied) }

// mayPass says whether the same statement may succeed if sent again at once: the connection died, or the server
// rolled the statement back and said to try again. A refused dial is not of that kind, nor is 1040.
func mayPass(err error) bool {
	for _, dead := range []error{
		driver.ErrBadConn, mysql.ErrInvalidConn, io.EOF, io.ErrUnexpectedEOF,
		syscall.ECONNRESET, syscall.EPIPE, syscall.ETIMEDOUT, syscall.ECONNABORTED,
	} {
		if errors.Is(err, dead) {
			return true
		}
	}
	return is(err, serverShutdown, deadlock, connectionKilled, idleDisconnect)
}

func is(err error, numbers ...uint16) bool {
	var said *mysql.MySQLError
	return errors.As(err, &said) && slices.Contains(numbers, said.Number)
}
