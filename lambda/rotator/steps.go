package main

import (
	"context"
	"errors"
	"fmt"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
)

// create writes the pending version: the current value with another password.
func (r *rotator) create(ctx context.Context, e event, _ versions, _ user) (string, error) {
	switch _, err := r.vault.version(ctx, e.SecretID, e.ClientRequestToken); {
	case err == nil:
		return "nothing: the version has its value", nil
	case !errors.Is(err, errNoValue):
		return "", err
	}
	current, err := r.vault.stage(ctx, e.SecretID, contract.StageCurrent)
	if err != nil {
		return "", err
	}
	password, err := newPassword()
	if err != nil {
		return "", err
	}
	next, err := current.with(password)
	if err != nil {
		return "", err
	}
	return "wrote a new password", r.vault.put(ctx, e, next)
}

// set has the database take the pending password. The window in which the current version's password opens no new
// connection begins here, and finish ends it.
func (r *rotator) set(ctx context.Context, e event, _ versions, whose user) (string, error) {
	pending, err := r.pending(ctx, e)
	if err != nil {
		return "", err
	}
	return whose.ensure(ctx, pending, func(context.Context) error { return nil })
}

// test logs in with the pending password, to the database that the users work in.
func (r *rotator) test(ctx context.Context, e event, _ versions, _ user) (string, error) {
	did := "logged in with the pending password"
	value, err := r.vault.version(ctx, e.SecretID, e.ClientRequestToken)
	if errors.Is(err, errNoValue) {
		// Secrets Manager runs this step alone when rotation is set up. It is to show that the function gets at the
		// secret and at the database, and finish takes no version that has no value.
		did = "logged in with the current password: nothing is pending"
		value, err = r.vault.stage(ctx, e.SecretID, contract.StageCurrent)
	}
	if err != nil {
		return "", err
	}
	return did, r.works(ctx, value.secret)
}

// finish makes the pending version the current one. It has the database take the password once more if it is not what
// set left, and lets nobody set another before the version is current.
func (r *rotator) finish(ctx context.Context, e event, all versions, whose user) (string, error) {
	pending, err := r.pending(ctx, e)
	if err != nil {
		return "", err
	}
	did, err := whose.ensure(ctx, pending, func(ctx context.Context) error { return r.vault.promote(ctx, e, all) })
	return did + ", and made the version the current one", err
}

// pending is the value of the version, which has to be of the same user as the current one.
func (r *rotator) pending(ctx context.Context, e event) (contract.DatabaseSecret, error) {
	pending, err := r.vault.version(ctx, e.SecretID, e.ClientRequestToken)
	if err != nil {
		return contract.DatabaseSecret{}, err
	}
	current, err := r.vault.stage(ctx, e.SecretID, contract.StageCurrent)
	if err != nil {
		return contract.DatabaseSecret{}, err
	}
	if pending.secret.Username != current.secret.Username {
		return contract.DatabaseSecret{}, fmt.Errorf("the pending version is of user %q, the current one of %q",
			pending.secret.Username, current.secret.Username)
	}
	return pending.secret, nil
}

// check logs in with the current password. While a rotation is on its way, the pending one does as well.
func (r *rotator) check(ctx context.Context, arn string) error {
	var refused error
	for _, stage := range []string{contract.StageCurrent, contract.StagePending} {
		value, err := r.vault.stage(ctx, arn, stage)
		if errors.Is(err, errNoValue) {
			continue
		}
		if err == nil {
			err = r.works(ctx, value.secret)
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

// works logs in. The database has to let the user in and not only know the password.
func (r *rotator) works(ctx context.Context, secret contract.DatabaseSecret) error {
	db, err := r.cluster.Login(ctx, secret)
	if err != nil {
		return err
	}
	return db.Close()
}

// accepted tells whether the server takes the password. Its error is of a server that did not say.
func (r *rotator) accepted(ctx context.Context, secret contract.DatabaseSecret) (bool, error) {
	err := r.works(ctx, secret)
	if cluster.Denied(err) {
		return false, nil
	}
	return err == nil, err
}
