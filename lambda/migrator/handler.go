package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/migrator/migrations"
)

// margin is kept of an invocation's time for a report of what went wrong, and for freeing the lock.
const margin = 2 * time.Second

// answer is the result of an invocation, for whoever runs `pulumi up`.
type answer struct {
	Version int64    `json:"version"` // the number of the last migration in the database
	Applied []string `json:"applied"` // the files that this invocation applied; empty when there was nothing to do
	Users   []string `json:"users"`   // those with the right passwords and privileges: each was logged in and used
	// Plugin is the users' authentication plugin, the server's default: mysql_native_password or caching_sha2_password.
	Plugin string `json:"plugin,omitempty"`
}

// event is what `pulumi up` invokes the function with. On a server that is not the stack's own, the provider adds what it does.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation
type event struct {
	TF struct {
		Action string `json:"action"` // create, update or delete
	} `json:"tf"`
	// RetentionDays, when it is there, has old messages deleted, and nothing migrated: the stack's own daily schedule has it.
	RetentionDays *int `json:"retentionDays"`
}

// handler brings the database up to date.
type handler struct {
	cluster *cluster.Cluster
	files   fs.FS
	log     *slog.Logger
}

// newHandler reads the environment. Its error names every variable that is missing or wrong.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	cluster, err := cluster.FromEnv(getenv, secret.NewClient(getenv))
	return &handler{cluster: cluster, files: migrations.Files(), log: log}, err
}

// Invoke handles an event: destroy drops the users on a server that stays, and any other event brings the database up to
// date. It may be run again at any time, also while another runs and after one was killed.
func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return invocation.Run(ctx, h.log, margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		var e event
		if err := json.Unmarshal(payload, &e); err != nil {
			return nil, fmt.Errorf("event: %w", err)
		}
		if e.RetentionDays != nil {
			return h.retain(ctx, i, *e.RetentionDays)
		}
		run := h.migrate
		if h.cluster.Shared && e.TF.Action == "delete" {
			run = h.release
		}
		answer, err := run(ctx, i.Log)
		if err != nil {
			return nil, err
		}
		i.Add(slog.Int64(contract.LogVersion, answer.Version), slog.Any(contract.LogApplied, answer.Applied),
			slog.Any(contract.LogUsers, answer.Users))
		return answer, nil
	})
}

// release keeps the table and its rows.
func (h *handler) release(ctx context.Context, log *slog.Logger) (answer, error) {
	dropped, err := h.cluster.Release(ctx, log)
	if err != nil {
		return answer{}, fmt.Errorf("dropping this stack's users on the server: %w", err)
	}
	return answer{Applied: []string{}, Users: dropped}, nil
}

// migrate applies the migrations that are missing and brings the application's users up to date.
func (h *handler) migrate(ctx context.Context, log *slog.Logger) (answer, error) {
	if h.cluster.Shared {
		if err := h.cluster.Claim(ctx, log, func(ctx context.Context, conn *sql.Conn) error {
			return refuseForeign(ctx, conn, h.cluster.Server.Name)
		}); err != nil {
			return answer{}, err
		}
	}
	db, err := h.cluster.Connect(ctx, log)
	if err != nil {
		return answer{}, err
	}
	defer db.Close()
	lock := h.cluster.NewLock(db, log)
	version, applied, err := apply(ctx, db, h.files, lock)
	if err != nil {
		return answer{}, fmt.Errorf("migrations of %s: %w", h.cluster.Server.Name, lock.Explain(err))
	}
	users, err := h.ensureUsers(ctx, db, log)
	if err != nil {
		return answer{}, err
	}
	plugin, err := dbuser.DefaultPlugin(ctx, db)
	return answer{Version: version, Applied: applied, Users: users, Plugin: plugin}, err
}

// ensureUsers reads the users' secrets while it holds the lock: a rotation may run before it or after it, and neither undoes
// the other. The tables are there by then.
func (h *handler) ensureUsers(ctx context.Context, db *sql.DB, log *slog.Logger) (names []string, err error) {
	err = h.cluster.WithLock(ctx, db, log, func(ctx context.Context, conn *sql.Conn) error {
		all := make([]contract.DatabaseSecret, len(h.cluster.Users))
		for i, user := range h.cluster.Users {
			err := h.cluster.Secrets.Get(ctx, user.ARN, &all[i])
			if err == nil && slices.Contains(names, all[i].Username) {
				err = fmt.Errorf("%q is another secret's user as well", all[i].Username)
			}
			if err != nil {
				return fmt.Errorf("%s user of %s: %w", user.Role.Name, user.ARN, err)
			}
			names = append(names, all[i].Username)
		}
		for i, user := range h.cluster.Users {
			if err := h.ensureUser(ctx, conn, all[i], user.Role); err != nil {
				return fmt.Errorf("%s user of %s: %w", user.Role.Name, user.ARN, err)
			}
		}
		return nil
	})
	return names, err
}

// ensureUser makes the user and then logs in as the user: what a server lists as granted is not always what it lets a user do.
func (h *handler) ensureUser(ctx context.Context, conn *sql.Conn, secret contract.DatabaseSecret, role dbuser.Role) error {
	if err := dbuser.Ensure(ctx, conn, secret, h.cluster.Server.Name, role); err != nil {
		return err
	}
	db, err := h.cluster.Login(ctx, secret)
	if err != nil {
		return fmt.Errorf("%s cannot log in with the password that was just set: %w", secret.Username, err)
	}
	defer db.Close()
	if err := dbuser.Prove(ctx, db, role); err != nil {
		return fmt.Errorf("%s cannot use what was just granted: %w", secret.Username, err)
	}
	return nil
}
