package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
)

// margin is kept of an invocation's time for saying what went wrong. Past its deadline Lambda says only that the
// function timed out.
const margin = 2 * time.Second

// event is what Secrets Manager invokes a rotation function with. Without a step it asks whether the server takes the
// current passwords; the stack's schedule asks so. With the step endSessions, which is not Secrets Manager's, somebody has
// the sessions of the secret's user ended.
type event struct {
	Step     string
	SecretID string `json:"SecretId"` // its ARN
	// ClientRequestToken is the id of the version that is to become the current one.
	ClientRequestToken string
	RotationToken      string // shows that the caller is the rotation; it goes back with what is written
}

// rotator gives users new passwords.
type rotator struct {
	cluster *cluster.Cluster
	vault   *vault
	log     *slog.Logger
}

// newRotator reads the environment. Its error names every variable that is missing or wrong.
func newRotator(getenv func(string) string, log *slog.Logger) (*rotator, error) {
	vault := newVault(getenv)
	cluster, err := cluster.FromEnv(getenv, vault)
	return &rotator{cluster: cluster, vault: vault, log: log}, err
}

// handle takes one step. Each may be repeated, and one that was killed at any point is completed by its repetition.
func (r *rotator) handle(ctx context.Context, e event) error {
	start := time.Now()
	log := r.log.With("step", e.Step, "secret", e.SecretID, "version", e.ClientRequestToken)
	what := e.Step + " of " + e.SecretID
	if e.Step == "" {
		log, what = r.log, "current passwords"
	}
	if call, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("requestId", call.AwsRequestID)
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	did, err := r.take(ctx, e, log)
	log = log.With("durationMs", time.Since(start).Milliseconds())
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
		log.ErrorContext(ctx, "failed", "error", err.Error())
		return err
	}
	log.InfoContext(ctx, "done", "did", did)
	return nil
}

// take tells in a few words what it did.
func (r *rotator) take(ctx context.Context, e event, log *slog.Logger) (did string, err error) {
	if e.Step == "" {
		refused := r.check(ctx, r.cluster.AdminARN)
		for _, one := range r.cluster.Users {
			refused = errors.Join(refused, r.check(ctx, one.ARN))
		}
		return "logged in with the current passwords", refused
	}
	var whose user
	switch {
	case e.SecretID == r.cluster.AdminARN && r.cluster.Shared:
		return "", errors.New("the server is not this stack's: its master user's password and sessions are left alone")
	case e.SecretID == r.cluster.AdminARN:
		whose = admin{r}
	case slices.ContainsFunc(r.cluster.Users, func(one cluster.User) bool { return one.ARN == e.SecretID }):
		whose = ordinary{r, log}
	default:
		return "", errors.New("not a secret of this stack's database users")
	}
	if e.Step == "endSessions" {
		return r.endSessions(ctx, e.SecretID, log)
	}
	steps := map[string]func(context.Context, event, versions, user) (string, error){
		"createSecret": r.create, "setSecret": r.set, "testSecret": r.test, "finishSecret": r.finish,
	}
	step, ok := steps[e.Step]
	if !ok {
		return "", errors.New("unknown step")
	}
	all, err := r.vault.describe(ctx, e.SecretID)
	if err != nil {
		return "", err
	}
	labels := all.labels[e.ClientRequestToken]
	switch {
	case !all.rotated:
		return "", errors.New("rotation is not switched on")
	case slices.Contains(labels, contract.StageCurrent):
		return "nothing: the version is the current one", nil
	case !slices.Contains(labels, contract.StagePending):
		return "", fmt.Errorf("version %s is not labelled %s", e.ClientRequestToken, contract.StagePending)
	}
	return step(ctx, e, all, whose)
}
