package mysql

import (
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// Numbers of the server's errors.
// https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
// https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
const (
	TooManyConnections = 1040
	DatabaseDenied     = 1044
	AccessDenied       = 1045
	UnknownDatabase    = 1049
	ServerShutdown     = 1053
	NoSuchThread       = 1094
	KillDenied         = 1095
	TableDenied        = 1142
	UnknownTable       = 1146
	Deadlock           = 1213
	PrivilegeMissing   = 1227
	ConnectionKilled   = 1927 // MariaDB
	IdleDisconnect     = 4031 // MySQL, for wait_timeout
)

// Number is the number of the server's error, and 0 when the error is not the server's.
func Number(err error) uint16 {
	if own, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return own.Number
	}
	return 0
}

// Is reports whether an error is the server's and has one of the numbers.
func Is(err error, numbers ...uint16) bool {
	number := Number(err)
	return number != 0 && slices.Contains(numbers, number)
}

// IsAccessDenied reports whether the server refused the user or the password.
func IsAccessDenied(err error) bool { return Is(err, AccessDenied) }

// retryableAtOnce reports whether the same statement may succeed if it is sent again at once: the connection died, or the
// server rolled the statement back and asks to try again. A refused dial is not of that kind, nor is TooManyConnections.
func retryableAtOnce(err error) bool {
	for _, dead := range []error{
		driver.ErrBadConn, mysql.ErrInvalidConn, io.EOF, io.ErrUnexpectedEOF,
		syscall.ECONNRESET, syscall.EPIPE, syscall.ETIMEDOUT, syscall.ECONNABORTED,
	} {
		if errors.Is(err, dead) {
			return true
		}
	}
	return Is(err, ServerShutdown, Deadlock, ConnectionKilled, IdleDisconnect)
}
