package mysqltest

import (
	"testing"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// strict has a server refuse all that it can be set to refuse, and read statements in the way that differs most from its
// default: with NO_BACKSLASH_ESCAPES a backslash is a letter, with ANSI a double quote is no string's.
const strict = "--sql-mode=TRADITIONAL,ANSI,NO_BACKSLASH_ESCAPES"

// settings of servers, by name. partial_revokes, on as on Aurora, changes what an underscore in a grant means.
var variants = []struct {
	name    string
	real    bool
	options []Option
}{
	{"MySQL", true, []Option{On(mysqlserver.MySQL)}},
	{"MariaDB", true, []Option{On(mysqlserver.MariaDB)}},
	{"embedded", false, []Option{On(mysqlserver.Embedded)}},
	{"MySQL, strict", true, []Option{
		On(mysqlserver.MySQL), Arguments(strict, "--sql-require-primary-key=ON", "--partial-revokes=ON"),
	}},
	{"MariaDB, strict", true, []Option{On(mysqlserver.MariaDB), Arguments(strict)}},
}

// Variants runs a test for each kind of server as it comes, and for each that has such a thing as settings with the
// strictest ones, with the options that start it.
func Variants(t *testing.T, test func(*testing.T, ...Option)) {
	t.Helper()
	for _, one := range variants {
		t.Run(one.name, func(t *testing.T) { test(t, one.options...) })
	}
}

// Each runs a test on a server of each variant.
func Each(t *testing.T, test func(*testing.T, *Server)) {
	t.Helper()
	Variants(t, func(t *testing.T, options ...Option) { test(t, Start(t, options...)) })
}

// EachKind runs a test on a server of each kind as it comes. It is for tests that take long.
func EachKind(t *testing.T, test func(*testing.T, *Server)) {
	t.Helper()
	EachReal(t, test)
	t.Run("embedded", func(t *testing.T) { test(t, Start(t, Embedded())) })
}

// EachReal runs a test on a MySQL and on a MariaDB as they come: the embedded server isolates no transactions, loses rows
// that are written at once, and keeps no general log.
func EachReal(t *testing.T, test func(*testing.T, *Server), more ...Option) {
	t.Helper()
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, Start(t, append([]Option{On(kind)}, more...)...)) })
	}
}
