package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/mysql"
)

// The results of ensure.
const (
	alreadySet = "found the pending password set"
	newlySet   = "set the pending password"
)

// databaseUser is one of the users of the database.
type databaseUser interface {
	// ensure gives the user the secret's password, if the server does not accept it yet, and then runs something before
	// anyone else can change the user.
	ensure(ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error) (result string, err error)
}

// ordinaryUser is a user that the migrator made. The master user sets its password: in this way the server gets the
// password's hash and never the password, which a user may not do for itself, and it does not matter which passwords are
// known. The migrator sets the password too, the current one; so this happens with the lock.
type ordinaryUser struct {
	h   *handler
	log *slog.Logger
}

func (u ordinaryUser) ensure(
	ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error,
) (result string, err error) {
	db, err := u.h.cluster.Connect(ctx, u.log)
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = u.h.cluster.WithLock(ctx, db, u.log, func(ctx context.Context, conn *sql.Conn) error {
		result = alreadySet
		accepted, err := u.h.accepted(ctx, pending)
		if err != nil {
			return err
		}
		if !accepted {
			result = newlySet
			if err := dbuser.NotSelf(ctx, conn, pending.Username); err != nil {
				return err
			}
			if err := dbuser.SetPassword(ctx, conn, pending); err != nil {
				return fmt.Errorf("setting the password of %s, a user that the migrator makes: %w", pending.Username, err)
			}
		}
		return then(ctx)
	})
	return result, err
}

// masterUser is the master user, who sets its own password. RDS has no part in it: RDS keeps the master password that it was
// given last and never uses it, and it can be given another at any time.
type masterUser struct{ h *handler }

// candidateStages are the versions that may hold the master user's password when the pending one does not: it is the previous
// one after a version was made current by hand, and the first one on a cluster that was created again.
var candidateStages = [...]string{contract.StageCurrent, contract.StagePrevious, contract.StageFirst}

func (u masterUser) ensure(
	ctx context.Context, pending contract.DatabaseSecret, then func(context.Context) error,
) (result string, err error) {
	accepted, err := u.h.accepted(ctx, pending)
	if err != nil {
		return "", err
	}
	if accepted {
		return alreadySet, then(ctx)
	}
	for _, stage := range candidateStages {
		value, err := u.h.secrets.stage(ctx, u.h.cluster.AdminARN, stage)
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
	// Another invocation of the same step may have set it after the first check.
	if accepted, err = u.h.accepted(ctx, pending); err != nil {
		return "", err
	}
	if accepted {
		return alreadySet, then(ctx)
	}
	return "", fmt.Errorf("the server accepts none of the passwords in %v of user %s: give the cluster the current one, "+
		"with aws rds modify-db-cluster --master-user-password", candidateStages, pending.Username)
}

// change sets the pending password if the known one is accepted, and reports whether it is.
func (u masterUser) change(ctx context.Context, known, pending contract.DatabaseSecret) (bool, error) {
	db, err := u.h.cluster.Login(ctx, known)
	if mysql.IsAccessDenied(err) {
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
