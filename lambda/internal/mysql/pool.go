package mysql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/secret"
)

// Secrets reads a secret's JSON into a pointer.
type Secrets interface {
	Get(ctx context.Context, arn string, into any) error
}

// afterDenial is how long the pool waits before it reads a secret again whose password was refused. During a rotation the
// secret still has the previous password for some milliseconds; and RDS Proxy checks passwords against
// its own copy of the secret. AWS does not document how far that copy lags behind.
const afterDenial = 1500 * time.Millisecond

// Pool is the one connection of an environment. It is opened by the first Do, kept between invocations, and opened
// again when it died or the password changed.
type Pool struct {
	server  Server
	secrets Secrets
	arn     string
	maxIdle time.Duration
	trust   *tls.Config

	mu   sync.Mutex
	db   *sql.DB // nil until a secret was read, and after it proved stale
	used time.Time
}

// NewPool makes a pool for the user whose secret has the ARN. maxIdle is how long a connection may be idle; it must be below
// the proxy's idle client timeout. No trust means the system's roots.
func NewPool(server Server, secrets Secrets, arn string, maxIdle time.Duration, trust *tls.Config) *Pool {
	return &Pool{server: server, secrets: secrets, arn: arn, maxIdle: maxIdle, trust: trust}
}

// PoolFromEnv makes the pool that the environment describes, of the user whose secret's ARN is in the variable. Its
// error names every variable that is missing or wrong. It connects to nothing: the secret cannot be read before the
// first event.
func PoolFromEnv(getenv func(string) string, secretVariable string) (*Pool, error) {
	s, err := ReadSettings(getenv, secretVariable, contract.EnvDBMaxIdleSeconds)
	if err != nil {
		return nil, err
	}
	return NewPool(s.Server, secret.NewClient(getenv), getenv(secretVariable), s.MaxIdle, nil), nil
}

// Do runs what must be safe to run twice, and runs it a second time when the connection died under it, when the
// server asks for it (a deadlock), and when the server refused the password: then after a pause, and with the secret read
// again. One Do runs at a time.
func (p *Pool) Do(ctx context.Context, run func(context.Context, *sql.DB) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropIdle()
	var again, reread bool
	for {
		err := p.attempt(ctx, run)
		switch {
		case err == nil:
			p.used = wallClock()
			return nil
		case ctx.Err() != nil:
			return err // the driver has closed the connection, and the password is still good
		case !reread && IsAccessDenied(err):
			reread = true
			if !sleep(ctx, afterDenial) {
				return err
			}
		case !again && retryableAtOnce(err):
			again = true
			continue // database/sql has closed the dead connection already
		default:
			return err
		}
		p.drop()
	}
}

// sleep reports whether the context let it sleep.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Close closes the connection.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop()
}

func (p *Pool) attempt(ctx context.Context, run func(context.Context, *sql.DB) error) error {
	if p.db == nil {
		if err := p.open(ctx); err != nil {
			return err
		}
	}
	if err := run(ctx, p.db); err != nil {
		return fmt.Errorf("database %s at %s: %w", p.server.Name, p.server.Host, err)
	}
	return nil
}

func (p *Pool) open(ctx context.Context) error {
	var secret contract.DatabaseSecret
	if err := p.secrets.Get(ctx, p.arn, &secret); err != nil {
		return err
	}
	if secret.Username == "" || secret.Password == "" {
		return fmt.Errorf("secret %s: username or password is empty", p.arn)
	}
	connector, err := mysql.NewConnector(Config(secret, p.server, p.trust))
	if err != nil {
		return err
	}
	p.db = sql.OpenDB(connector)
	p.db.SetMaxOpenConns(1)
	p.db.SetMaxIdleConns(1)
	p.db.SetConnMaxIdleTime(p.maxIdle)
	return nil
}

// dropIdle does what SetConnMaxIdleTime cannot: its timer does not run while Lambda freezes the environment.
func (p *Pool) dropIdle() {
	if p.db != nil && !p.used.IsZero() && wallClock().Sub(p.used) >= p.maxIdle {
		p.db.SetMaxIdleConns(0) // closes what is idle
		p.db.SetMaxIdleConns(1)
	}
}

func (p *Pool) drop() {
	if p.db != nil {
		p.db.Close() // its error would be of a connection that is not wanted any more
		p.db = nil
	}
}

// wallClock is the time without the monotonic reading, which may stand still while the environment is frozen.
func wallClock() time.Time { return time.Now().Round(0) }
