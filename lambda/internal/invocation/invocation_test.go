package invocation_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
)

// run runs a handler in an invocation, and returns what it answers and the one line that it logs.
func run(t *testing.T, handle func(context.Context, *invocation.Invocation) (any, error)) (string, map[string]any, error) {
	t.Helper()
	out := &lambdatest.Output{}
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	answer, err := invocation.Run(ctx, slog.New(slog.NewJSONHandler(out, nil)), time.Second, handle)
	lines := out.Lines(t)
	if len(lines) != 1 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	if took, ok := lines[0][contract.LogDurationMS].(float64); !ok || took < 0 || lines[0][contract.LogRequestID] != "request-1" {
		t.Errorf("no duration, or not the request: %v", lines[0])
	}
	return string(answer), lines[0], err
}

func TestAnAnswerIsDoneAndHasWhatTheHandlerAdds(t *testing.T) {
	answer, line, err := run(t, func(_ context.Context, i *invocation.Invocation) (any, error) {
		i.Log = i.Log.With("step", "one")
		i.Add(slog.Int("n", 1))
		return map[string]int{"a": 1}, nil
	})
	if answer != `{"a":1}` || err != nil {
		t.Errorf("got %s, %v", answer, err)
	}
	if line["msg"] != contract.LogDone || line["level"] != "INFO" || line["n"] != 1.0 || line["step"] != "one" {
		t.Errorf("logged %v", line)
	}
}

func TestAnErrorIsReturnedAndFailed(t *testing.T) {
	mine := errors.New("mine")
	answer, line, err := run(t, func(_ context.Context, i *invocation.Invocation) (any, error) {
		i.Report(slog.LevelWarn, contract.LogDone)
		return "an answer", mine
	})
	if answer != "" || !errors.Is(err, mine) {
		t.Errorf("got %s, %v", answer, err)
	}
	if line["msg"] != contract.LogFailed || line["level"] != "ERROR" || line[contract.LogError] != "mine" {
		t.Errorf("logged %v", line)
	}
}

func TestADatabaseThatCannotBeAskedIsUnhealthyAndNoError(t *testing.T) {
	answer, line, err := run(t, func(_ context.Context, i *invocation.Invocation) (any, error) {
		return i.Unhealthy(errors.New("gone")), nil
	})
	if answer != `{"ok":false,"error":"gone"}` || err != nil {
		t.Errorf("got %s, %v", answer, err)
	}
	if line["msg"] != contract.LogUnhealthy || line["level"] != "ERROR" || line[contract.LogError] != "gone" {
		t.Errorf("logged %v", line)
	}
}

func TestTheHandlersTimeEndsAMarginBeforeTheFunctions(t *testing.T) {
	end := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	for _, margin := range []time.Duration{invocation.Margin, 2 * time.Second} {
		payload, err := invocation.Run(ctx, slog.New(slog.DiscardHandler), margin, func(ctx context.Context, _ *invocation.Invocation) (any, error) {
			deadline, _ := ctx.Deadline()
			return end.Sub(deadline), nil
		})
		var left time.Duration
		if err != nil || json.Unmarshal(payload, &left) != nil || left != margin {
			t.Errorf("%s is left, %v, want %s", left, err, margin)
		}
	}
}
