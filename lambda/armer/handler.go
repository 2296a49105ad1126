package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/arming"
	"scheduled-messages/lambda/internal/awsenv"
	"scheduled-messages/lambda/internal/invocation"
)

// attemptTimeout is how long one attempt of a call of Scheduler's API may take.
const attemptTimeout = 5 * time.Second

type handler struct {
	armer *arming.Armer
	log   *slog.Logger
}

// newHandler reads the environment, and calls nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	s, err := newSettings(getenv)
	if err != nil {
		return nil, err
	}
	clock := arming.Clock{Now: time.Now, Sleep: arming.Sleep}
	schedules := scheduler.New(scheduler.Options{
		Region: getenv("AWS_REGION"), Credentials: awsenv.Credentials(getenv),
		HTTPClient: awsenv.HTTPClient(attemptTimeout), BaseEndpoint: awsenv.Endpoint(getenv, "SCHEDULER"),
	})
	return &handler{&arming.Armer{
		Target:    s.target,
		Clock:     clock,
		Schedules: schedules,
		Rows:      newFunctions(getenv, s),
		Pace:      arming.NewPace(clock, s.perSecond),
		Workers:   arming.Workers,
		Log:       log,
	}, log}, nil
}

// Invoke does the work that is left; the event does not matter. An error reports that the round ended early, or that commands
// are left; nothing is lost with it, because the next minute's round finds them.
func (h *handler) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	answer, err := invocation.Run(ctx, h.log, invocation.Margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		s, err := h.armer.Round(ctx)
		i.Add(
			slog.Int(contract.LogArmed, s.Armed),
			slog.Int(contract.LogDisarmed, s.Disarmed),
			slog.Int(contract.LogCleared, s.Cleared),
			slog.Int(contract.LogRefusedRows, s.Refused),
			slog.Int(contract.LogTooLate, s.TooLate),
			slog.Int(contract.LogLeft, s.Left),
			slog.Bool(contract.LogMore, s.More))
		return s, err
	})
	return answer, contract.Brief(err)
}
