package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/internal/account"
	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/maintenance"
	"scheduled-messages/lambda/message"
)

// margin is kept of an invocation's time for saying what went wrong. Past its deadline Lambda says only that the
// function timed out.
const margin = 2 * time.Second

// answer is what an invocation came to, for whoever runs `pulumi up`.
type answer struct {
	Version int64    `json:"version"` // the number of the last migration in the database
	Applied []string `json:"applied"` // the files that this invocation applied; empty when there was nothing to do
	User    string   `json:"user"`    // the application's user, whose password and privileges are as they should be
}

// migrator brings the database up to date.
type migrator struct {
	cluster *maintenance.Cluster
	files   fs.FS
	log     *slog.Logger
}

// newMigrator reads the environment. Its error names every variable that is missing or wrong.
func newMigrator(getenv func(string) string, secrets database.Secrets, files fs.FS, log *slog.Logger) (*migrator, error) {
	cluster, err := maintenance.FromEnv(getenv, secrets)
	return &migrator{cluster: cluster, files: files, log: log}, err
}

// handle applies the migrations that are missing and brings the application's user up to date. It may be run again at
// any time, also while another runs and after one was killed. The event does not matter.
func (m *migrator) handle(ctx context.Context) (answer, error) {
	log, start := m.log, time.Now()
	if call, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("requestId", call.AwsRequestID)
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	answer, err := m.migrate(ctx, log)
	log = log.With("durationMs", time.Since(start).Milliseconds())
	if err != nil {
		log.ErrorContext(ctx, "not migrated", "error", err.Error())
		return answer, err
	}
	log.InfoContext(ctx, "migrated", "version", answer.Version, "applied", answer.Applied, "user", answer.User)
	return answer, nil
}

func (m *migrator) migrate(ctx context.Context, log *slog.Logger) (answer, error) {
	db, err := m.cluster.Connect(ctx, log)
	if err != nil {
		return answer{}, err
	}
	defer db.Close()
	version, applied, err := apply(ctx, db, m.files)
	if err != nil {
		return answer{}, fmt.Errorf("migrations of %s: %w", m.cluster.Server.Name, err)
	}
	user, err := m.ensureUser(ctx, db)
	if err != nil {
		return answer{}, fmt.Errorf("user of %s: %w", m.cluster.AppARN, err)
	}
	return answer{Version: version, Applied: applied, User: user}, nil
}

// ensureUser reads the application's secret when it is alone: a rotation may come before it or after it, and neither
// undoes the other.
func (m *migrator) ensureUser(ctx context.Context, db *sql.DB) (string, error) {
	var app message.DatabaseSecret
	err := maintenance.Alone(ctx, db, func(ctx context.Context, conn *sql.Conn) error {
		if err := m.cluster.Secrets.Get(ctx, m.cluster.AppARN, &app); err != nil {
			return err
		}
		return account.Ensure(ctx, conn, app, m.cluster.Server.Name)
	})
	return app.Username, err
}
