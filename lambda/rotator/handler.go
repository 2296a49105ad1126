package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/invocation"
)

// margin is kept of an invocation's time for a report of what went wrong, and for freeing the lock.
const margin = 2 * time.Second

// event is what Secrets Manager invokes a rotation function with. Without a step it asks whether the server accepts the
// current passwords; the stack's schedule asks so. With the step endSessions, which is not Secrets Manager's, an operator ends
// the sessions of the secret's user.
type event struct {
	Step     string
	SecretID string `json:"SecretId"` // its ARN
	// ClientRequestToken is the id of the version that is to become the current one.
	ClientRequestToken string
	RotationToken      string // shows that the caller is the rotation; it is passed back with what is written
}

// subject is what an error is about.
func (e event) subject() string {
	if e.Step == "" {
		return "current passwords"
	}
	return e.Step + " of " + e.SecretID
}

// handler gives users new passwords.
type handler struct {
	cluster *cluster.Cluster
	secrets *secretsClient
	log     *slog.Logger
}

// newHandler reads the environment. Its error names every variable that is missing or wrong.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	secrets := newSecretsClient(getenv)
	cluster, err := cluster.FromEnv(getenv, secrets)
	return &handler{cluster: cluster, secrets: secrets, log: log}, err
}

// Invoke runs one step. Each may be repeated, and one that was killed at any point is completed by its repetition.
func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return invocation.Run(ctx, h.log, margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		var e event
		if err := json.Unmarshal(payload, &e); err != nil {
			return nil, fmt.Errorf("not an event of Secrets Manager: %w", err)
		}
		if e.Step != "" {
			i.Log = i.Log.With(contract.LogStep, e.Step, contract.LogSecret, e.SecretID, contract.LogSecretVersion, e.ClientRequestToken)
		}
		result, err := h.runStep(ctx, e, i.Log)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.subject(), err)
		}
		i.Add(slog.String(contract.LogResult, result))
		return nil, nil
	})
}

// runStep returns in a few words what it did.
func (h *handler) runStep(ctx context.Context, e event, log *slog.Logger) (result string, err error) {
	if e.Step == "" {
		refused := h.check(ctx, h.cluster.AdminARN)
		for _, one := range h.cluster.Users {
			refused = errors.Join(refused, h.check(ctx, one.ARN))
		}
		return "logged in with the current passwords", refused
	}
	if h.cluster.Shared && e.SecretID == h.cluster.AdminARN {
		return "", errors.New("the server is not this stack's: its master user's password and sessions are left alone")
	}
	user := h.user(e.SecretID, log)
	if user == nil {
		return "", errors.New("not a secret of this stack's database users")
	}
	if e.Step == "endSessions" {
		return h.endSessions(ctx, e.SecretID, log)
	}
	steps := map[string]func(context.Context, event, versions, databaseUser) (string, error){
		"createSecret": h.create, "setSecret": h.set, "testSecret": h.test, "finishSecret": h.finish,
	}
	step, ok := steps[e.Step]
	if !ok {
		return "", errors.New("unknown step")
	}
	all, err := h.secrets.describe(ctx, e.SecretID)
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
	return step(ctx, e, all, user)
}

// user is the user whose secret has the ARN, or nil if it is no secret of the stack's users.
func (h *handler) user(arn string, log *slog.Logger) databaseUser {
	switch {
	case arn == h.cluster.AdminARN:
		return masterUser{h}
	case slices.ContainsFunc(h.cluster.Users, func(one cluster.User) bool { return one.ARN == arn }):
		return ordinaryUser{h, log}
	}
	return nil
}
