package main

import (
	"context"
	"errors"
	"fmt"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
)

// create writes the pending version: the current value with another password.
func (h *handler) create(ctx context.Context, e event, _ versions, _ databaseUser) (string, error) {
	switch _, err := h.secrets.version(ctx, e.SecretID, e.ClientRequestToken); {
	case err == nil:
		return "nothing: the version has its value", nil
	case !errors.Is(err, errNoValue):
		return "", err
	}
	current, err := h.secrets.stage(ctx, e.SecretID, contract.StageCurrent)
	if err != nil {
		return "", err
	}
	password, err := newPassword()
	if err != nil {
		return "", err
	}
	next, err := current.withPassword(password)
	if err != nil {
		return "", err
	}
	return "wrote a new password", h.secrets.put(ctx, e, next)
}

// set makes the pending password the user's. The time in which the current version's password opens no new connection
// begins here, and finish ends it.
func (h *handler) set(ctx context.Context, e event, _ versions, user databaseUser) (string, error) {
	pending, err := h.pending(ctx, e)
	if err != nil {
		return "", err
	}
	return user.ensure(ctx, pending, func(context.Context) error { return nil })
}

// test logs in with the pending password, to the database that the users work in.
func (h *handler) test(ctx context.Context, e event, _ versions, _ databaseUser) (string, error) {
	result := "logged in with the pending password"
	value, err := h.secrets.version(ctx, e.SecretID, e.ClientRequestToken)
	if errors.Is(err, errNoValue) {
		// Secrets Manager runs this step alone when rotation is set up. It shows that the function reaches the
		// secret and the database, and finish accepts no version that has no value.
		result = "logged in with the current password: nothing is pending"
		value, err = h.secrets.stage(ctx, e.SecretID, contract.StageCurrent)
	}
	if err != nil {
		return "", err
	}
	return result, h.canLogIn(ctx, value.secret)
}

// finish makes the pending version the current one. It sets the password once more if it is not the one that set left, and
// holds the lock until the version is current.
func (h *handler) finish(ctx context.Context, e event, all versions, user databaseUser) (string, error) {
	pending, err := h.pending(ctx, e)
	if err != nil {
		return "", err
	}
	result, err := user.ensure(ctx, pending, func(ctx context.Context) error { return h.secrets.promote(ctx, e, all) })
	return result + ", and made the version the current one", err
}

// pending is the value of the version, which has to be of the same user as the current one.
func (h *handler) pending(ctx context.Context, e event) (contract.DatabaseSecret, error) {
	pending, err := h.secrets.version(ctx, e.SecretID, e.ClientRequestToken)
	if err != nil {
		return contract.DatabaseSecret{}, err
	}
	current, err := h.secrets.stage(ctx, e.SecretID, contract.StageCurrent)
	if err != nil {
		return contract.DatabaseSecret{}, err
	}
	if pending.secret.Username != current.secret.Username {
		return contract.DatabaseSecret{}, fmt.Errorf("the pending version is of user %q, the current one of %q",
			pending.secret.Username, current.secret.Username)
	}
	return pending.secret, nil
}

// check logs in with the current password. During a rotation, the pending one does as well.
func (h *handler) check(ctx context.Context, arn string) error {
	var refused error
	for _, stage := range []string{contract.StageCurrent, contract.StagePending} {
		value, err := h.secrets.stage(ctx, arn, stage)
		if errors.Is(err, errNoValue) {
			continue
		}
		if err == nil {
			err = h.canLogIn(ctx, value.secret)
		}
		if err == nil {
			return nil
		}
		refused = errors.Join(refused, fmt.Errorf("%s of %s: %w", stage, arn, err))
	}
	if refused == nil {
		return fmt.Errorf("%w: %s", errNoValue, arn)
	}
	return refused
}

// canLogIn logs in. The server must accept the password, and let the user use the database.
func (h *handler) canLogIn(ctx context.Context, secret contract.DatabaseSecret) error {
	db, err := h.cluster.Login(ctx, secret)
	if err != nil {
		return err
	}
	return db.Close()
}

// accepted reports whether the server accepts the password. Its error means that the server did not decide.
func (h *handler) accepted(ctx context.Context, secret contract.DatabaseSecret) (bool, error) {
	err := h.canLogIn(ctx, secret)
	if mysql.IsAccessDenied(err) {
		return false, nil
	}
	return err == nil, err
}
