package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/mysql"
)

// margin is kept of an invocation's time for saying what went wrong. Past its deadline Lambda says only that the
// function timed out.
const margin = 2 * time.Second

// answer is what an invocation came to, for whoever runs `pulumi up`.
type answer struct {
	Version int64    `json:"version"` // the number of the last migration in the database
	Applied []string `json:"applied"` // the files that this invocation applied; empty when there was nothing to do
	Users   []string `json:"users"`   // whose passwords and privileges are as they should be: each was logged in and used
	// Plugin is the users' authentication plugin, the server's default: mysql_native_password or caching_sha2_password.
	Plugin string `json:"plugin,omitempty"`
}

// event is what `pulumi up` invokes the function with. On a server that is not the stack's own, the provider adds what it does.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation
type event struct {
	TF struct {
		Action string `json:"action"` // create, update or delete
	} `json:"tf"`
}

// migrator brings the database up to date.
type migrator struct {
	cluster *cluster.Cluster
	files   fs.FS
	log     *slog.Logger
}

// newMigrator reads the environment. Its error names every variable that is missing or wrong.
func newMigrator(getenv func(string) string, secrets mysql.Secrets, files fs.FS, log *slog.Logger) (*migrator, error) {
	cluster, err := cluster.FromEnv(getenv, secrets)
	return &migrator{cluster: cluster, files: files, log: log}, err
}

// invoke handles an event: destroy takes the users off a server that stays, and what else there is brings the database up to
// date.
func (m *migrator) invoke(ctx context.Context, e event) (answer, error) {
	if m.cluster.Shared && e.TF.Action == "delete" {
		return m.handled(ctx, "released", m.release)
	}
	return m.handle(ctx)
}

// release keeps the table and its rows.
func (m *migrator) release(ctx context.Context, log *slog.Logger) (answer, error) {
	dropped, err := m.cluster.Release(ctx, log)
	if err != nil {
		return answer{}, fmt.Errorf("taking this stack's users off the server: %w", err)
	}
	return answer{Applied: []string{}, Users: dropped}, nil
}

// handle applies the migrations that are missing and brings the application's users up to date. It may be run again at
// any time, also while another runs and after one was killed.
func (m *migrator) handle(ctx context.Context) (answer, error) {
	return m.handled(ctx, "migrated", m.migrate)
}

func (m *migrator) handled(ctx context.Context, done string, run func(context.Context, *slog.Logger) (answer, error)) (answer, error) {
	log, start := m.log, time.Now()
	if call, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("requestId", call.AwsRequestID)
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	answer, err := run(ctx, log)
	log = log.With("durationMs", time.Since(start).Milliseconds())
	if err != nil {
		log.ErrorContext(ctx, "not "+done, "error", err.Error())
		return answer, err
	}
	log.InfoContext(ctx, done, "version", answer.Version, "applied", answer.Applied, "users", answer.Users)
	return answer, nil
}

func (m *migrator) migrate(ctx context.Context, log *slog.Logger) (answer, error) {
	if m.cluster.Shared {
		if err := m.cluster.Claim(ctx, log, func(ctx context.Context, conn *sql.Conn) error {
			return refuseForeign(ctx, conn, m.cluster.Server.Name)
		}); err != nil {
			return answer{}, err
		}
	}
	db, err := m.cluster.Connect(ctx, log)
	if err != nil {
		return answer{}, err
	}
	defer db.Close()
	lock := m.cluster.NewLock(db, log)
	version, applied, err := apply(ctx, db, m.files, lock)
	if err != nil {
		return answer{}, fmt.Errorf("migrations of %s: %w", m.cluster.Server.Name, lock.Explain(err))
	}
	users, err := m.ensureUsers(ctx, db, log)
	if err != nil {
		return answer{}, err
	}
	plugin, err := dbuser.DefaultPlugin(ctx, db)
	return answer{Version: version, Applied: applied, Users: users, Plugin: plugin}, err
}

// ensureUsers reads the users' secrets when it is alone: a rotation may come before it or after it, and neither undoes
// the other. The tables are there by then.
func (m *migrator) ensureUsers(ctx context.Context, db *sql.DB, log *slog.Logger) (names []string, err error) {
	err = m.cluster.Alone(ctx, db, log, func(ctx context.Context, conn *sql.Conn) error {
		all := make([]contract.DatabaseSecret, len(m.cluster.Users))
		for i, user := range m.cluster.Users {
			err := m.cluster.Secrets.Get(ctx, user.ARN, &all[i])
			if err == nil && slices.Contains(names, all[i].Username) {
				err = fmt.Errorf("%q is another secret's user as well", all[i].Username)
			}
			if err != nil {
				return fmt.Errorf("%s user of %s: %w", user.Role.Name, user.ARN, err)
			}
			names = append(names, all[i].Username)
		}
		for i, user := range m.cluster.Users {
			if err := m.ensureUser(ctx, conn, all[i], user.Role); err != nil {
				return fmt.Errorf("%s user of %s: %w", user.Role.Name, user.ARN, err)
			}
		}
		return nil
	})
	return names, err
}

// ensureUser makes the user and then is the user: what a server lists as granted is not always what it lets a user do.
func (m *migrator) ensureUser(ctx context.Context, conn *sql.Conn, secret contract.DatabaseSecret, role dbuser.Role) error {
	if err := dbuser.Ensure(ctx, conn, secret, m.cluster.Server.Name, role); err != nil {
		return err
	}
	db, err := m.cluster.Login(ctx, secret)
	if err != nil {
		return fmt.Errorf("%s is refused with the password that was just set: %w", secret.Username, err)
	}
	defer db.Close()
	if err := dbuser.Prove(ctx, db, role); err != nil {
		return fmt.Errorf("%s may not use what was just granted: %w", secret.Username, err)
	}
	return nil
}
