package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/dbuser"
)

// What ensure did.
const (
	alreadySet = "found the pending password set"
	newlySet   = "set the pending password"
)

// user is one of the users of the database.
type user interface {
	// ensure has the database take the secret's password, if it does not already, and then runs something while
	// nobody else changes the user.
	ensure(ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error) (did string, err error)
}

// ordinary is a user that the migrator made. The master user sets its password: the server gets the password's hash that
// way and never the password, which a user may not do for itself, and it does not matter which passwords are known. The
// migrator sets the password too, the current one; so this happens alone.
type ordinary struct {
	r   *rotator
	log *slog.Logger
}

func (u ordinary) ensure(ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error) (did string, err error) {
	db, err := u.r.cluster.Connect(ctx, u.log)
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = u.r.cluster.Alone(ctx, db, u.log, func(ctx context.Context, conn *sql.Conn) error {
		did = alreadySet
		accepted, err := u.r.accepted(ctx, pending)
		if err != nil {
			return err
		}
		if !accepted {
			did = newlySet
			if err := dbuser.NotSelf(ctx, conn, pending.Username); err != nil {
				return err
			}
			if err := dbuser.SetPassword(ctx, conn, pending); err != nil {
				return fmt.Errorf("setting the password of %s, whom the migrator makes: %w", pending.Username, err)
			}
		}
		return then(ctx)
	})
	return did, err
}

// admin is the master user, who sets its own password. RDS has no part in it: RDS keeps the master password that it was
// given last and never uses it, and it can be given another at any time.
type admin struct{ r *rotator }

// known are the versions that may hold the master user's password when the pending one does not: it is the previous one
// after a version was made current by hand, and the first one on a cluster that was made anew.
var known = [...]string{contract.StageCurrent, contract.StagePrevious, contract.StageFirst}

func (u admin) ensure(ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error) (did string, err error) {
	accepted, err := u.r.accepted(ctx, pending)
	if err != nil {
		return "", err
	}
	if accepted {
		return alreadySet, then(ctx)
	}
	for _, stage := range known {
		value, err := u.r.vault.stage(ctx, u.r.cluster.AdminARN, stage)
		if errors.Is(err, errNoValue) {
			continue
		}
		if err != nil {
			return "", err
		}
		if value.secret.Username != pending.Username {
			continue
		}
		set, err := u.change(ctx, value.secret, pending)
		if err != nil {
			return "", err
		}
		if set {
			return newlySet, then(ctx)
		}
	}
	// Another invocation of the same step may have been between the first look and the others.
	if accepted, err = u.r.accepted(ctx, pending); err != nil {
		return "", err
	}
	if accepted {
		return alreadySet, then(ctx)
	}
	return "", fmt.Errorf("the server accepts none of the passwords in %v of user %s: give the cluster the current one, "+
		"with aws rds modify-db-cluster --master-user-password", known, pending.Username)
}

// change sets the pending password if the known one is accepted, and tells whether it is.
func (u admin) change(ctx context.Context, known, pending contract.DatabaseSecret) (bool, error) {
	db, err := u.r.cluster.Login(ctx, known)
	if cluster.Denied(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	return true, dbuser.SetPassword(ctx, conn, pending)
}
