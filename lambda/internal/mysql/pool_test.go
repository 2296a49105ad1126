package mysql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// secrets answers with its passwords in turn, and then with the last.
type secrets struct {
	passwords []string
	asked     int
}

func (s *secrets) Get(_ context.Context, _ string, into any) error {
	password := s.passwords[min(s.asked, len(s.passwords)-1)]
	s.asked++
	*into.(*contract.DatabaseSecret) = contract.DatabaseSecret{Username: "app", Password: password}
	return nil
}

// each runs a test on each kind of server, with the user app, whose password is right.
func each(t *testing.T, test func(*testing.T, *mysqltest.Server)) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		s.Exec(t, "CREATE DATABASE d")
		s.CreateUser(t, "app", "right", "SELECT ON d.*")
		test(t, s)
	})
}

func newPool(t *testing.T, s *mysqltest.Server, keys Secrets, maxIdle time.Duration) *Pool {
	t.Helper()
	p := NewPool(Server{s.Host, s.Port, "d"}, keys, "arn", maxIdle, &tls.Config{RootCAs: s.Roots})
	t.Cleanup(p.Close)
	return p
}

// connection is the number of the pool's connection.
func connection(t *testing.T, p *Pool) (id int64, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = p.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT CONNECTION_ID()").Scan(&id)
	})
	return id, err
}

func mustConnect(t *testing.T, p *Pool) int64 {
	t.Helper()
	id, err := connection(t, p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheConnectionAndTheSecretAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		keys := &secrets{passwords: []string{"right"}}
		p := newPool(t, s, keys, time.Hour)
		first := mustConnect(t, p)
		for range 20 {
			if id := mustConnect(t, p); id != first {
				t.Fatalf("connection %d became %d", first, id)
			}
		}
		if keys.asked != 1 {
			t.Errorf("the secret was read %d times", keys.asked)
		}
	})
}

func TestAConnectionThatWasIdleTooLongIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		keys := &secrets{passwords: []string{"right"}}
		p := newPool(t, s, keys, time.Hour)
		first := mustConnect(t, p)
		p.used = p.used.Add(-2 * time.Hour) // as after a time that the environment lay frozen
		if second := mustConnect(t, p); second == first || keys.asked != 1 {
			t.Errorf("connection %d became %d, the secret was read %d times", first, second, keys.asked)
		}
	})
}

func TestADeadConnectionIsOpenedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		keys := &secrets{passwords: []string{"right"}}
		p := newPool(t, s, keys, time.Hour)
		first := mustConnect(t, p)
		s.Kill(t, first)
		if second := mustConnect(t, p); second == first || keys.asked != 1 {
			t.Errorf("connection %d became %d, the secret was read %d times", first, second, keys.asked)
		}
	})
}

func TestARefusedPasswordIsReadAgainOnce(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		keys := &secrets{passwords: []string{"old", "right"}}
		mustConnect(t, newPool(t, s, keys, time.Hour))
		if keys.asked != 2 {
			t.Errorf("the secret was read %d times", keys.asked)
		}
		keys = &secrets{passwords: []string{"old"}}
		p := newPool(t, s, keys, time.Hour)
		if _, err := connection(t, p); err == nil || !strings.Contains(err.Error(), "Error 1045") || keys.asked != 2 {
			t.Errorf("got %v after reading the secret %d times", err, keys.asked)
		}
		keys.passwords = []string{"right"}
		mustConnect(t, p) // it does not stay with what was refused
	})
}

// late gives the right password only some time after it was first asked.
type late struct {
	secrets
	after time.Duration
	first time.Time
}

func (l *late) Get(ctx context.Context, arn string, into any) error {
	if l.first.IsZero() {
		l.first = time.Now()
	}
	if time.Since(l.first) >= l.after {
		l.passwords = []string{"right"}
	}
	return l.secrets.Get(ctx, arn, into)
}

func TestARotationThatEndsWithinASecondCausesNoError(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		keys := &late{secrets: secrets{passwords: []string{"old"}}, after: time.Second}
		mustConnect(t, newPool(t, s, keys, time.Hour))
		if keys.asked != 2 {
			t.Errorf("the secret was read %d times", keys.asked)
		}
	})
}

func TestTheWaitAfterARefusedPasswordEndsWithTheContext(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		p := newPool(t, s, &secrets{passwords: []string{"old"}}, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), afterDenial-time.Second)
		defer cancel()
		err := p.Do(ctx, func(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) })
		if ctx.Err() == nil || !IsAccessDenied(err) {
			t.Errorf("got %v, want the refusal, when the time is over", err)
		}
	})
}

func TestAnErrorOfTheStatementIsNotTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		p := newPool(t, s, &secrets{passwords: []string{"right"}}, time.Hour)
		mine, calls := errors.New("mine"), 0
		err := p.Do(t.Context(), func(context.Context, *sql.DB) error { calls++; return mine })
		if !errors.Is(err, mine) || err.Error() != "database d at localhost: mine" || calls != 1 {
			t.Errorf("got %v after %d calls", err, calls)
		}
	})
}

func TestADeadlockIsTriedAgainOnce(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		p := newPool(t, s, &secrets{passwords: []string{"right"}}, time.Hour)
		calls := 0
		err := p.Do(t.Context(), func(context.Context, *sql.DB) error { calls++; return &mysql.MySQLError{Number: Deadlock} })
		if !Is(err, Deadlock) || calls != 2 {
			t.Errorf("got %v after %d calls", err, calls)
		}
	})
}

func TestAnEmptySecretIsAnErrorThatNamesIt(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		p := newPool(t, s, &secrets{passwords: []string{""}}, time.Hour)
		if _, err := connection(t, p); err == nil || !strings.Contains(err.Error(), "secret arn: username or password is empty") {
			t.Errorf("got %v", err)
		}
	})
}
