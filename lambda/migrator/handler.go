package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/internal/account"
	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/rdsca"
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
	server   database.Server
	secrets  database.Secrets
	adminARN string
	appARN   string
	files    fs.FS
	trust    *tls.Config
	log      *slog.Logger
}

// newMigrator reads the environment. Its error names every variable that is missing or wrong.
func newMigrator(getenv func(string) string, secrets database.Secrets, files fs.FS, log *slog.Logger) (*migrator, error) {
	server, wrong := database.ServerFromEnv(getenv)
	roots, err := rdsca.Roots()
	problems := []error{wrong, err}
	m := &migrator{
		server: server, secrets: secrets, files: files, log: log, trust: &tls.Config{RootCAs: roots},
		adminARN: getenv(message.EnvDBAdminSecretARN), appARN: getenv(message.EnvDBSecretARN),
	}
	// What Aurora takes as a cluster's database name, and what needs no quoting. CreateDBCluster, DatabaseName.
	if server.Name != "" && !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(server.Name) {
		problems = append(problems, fmt.Errorf("%s is %q, want up to 64 letters, digits and underscores, a letter first",
			message.EnvDBName, server.Name))
	}
	for name, value := range map[string]string{message.EnvDBAdminSecretARN: m.adminARN, message.EnvDBSecretARN: m.appARN} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	return m, errors.Join(problems...)
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
	db, err := m.connect(ctx, log)
	if err != nil {
		return answer{}, err
	}
	defer db.Close()
	version, applied, err := apply(ctx, db, m.files)
	if err != nil {
		return answer{}, fmt.Errorf("migrations of %s: %w", m.server.Name, err)
	}
	user, err := m.ensureUser(ctx, db)
	if err != nil {
		return answer{}, fmt.Errorf("user of %s: %w", m.appARN, err)
	}
	return answer{Version: version, Applied: applied, User: user}, nil
}

// ensureUser reads the application's secret as late as it can, so that a rotation in the meantime is not undone.
func (m *migrator) ensureUser(ctx context.Context, db *sql.DB) (string, error) {
	var app message.DatabaseSecret
	if err := m.secrets.Get(ctx, m.appARN, &app); err != nil {
		return "", err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var one lock
	if err := one.SessionLock(ctx, conn); err != nil {
		return "", err
	}
	err = account.Ensure(ctx, conn, app, m.server.Name)
	return app.Username, errors.Join(err, one.SessionUnlock(context.WithoutCancel(ctx), conn))
}
