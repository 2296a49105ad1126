// Package invocation is what all functions have in common: the start, and what surrounds the handling of an event.
package invocation

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/tlsroots"
)

// Start makes a function's handler from its environment and hands it events. A handler that cannot be made ends the
// process, and Lambda records it as a failed init phase.
func Start[H lambda.Handler](newHandler func(getenv func(string) string, log *slog.Logger) (H, error)) {
	tlsroots.Load()
	log := jsonlog.New(os.Stdout)
	handler, err := newHandler(os.Getenv, log)
	if err != nil {
		log.Error("not configured", contract.LogError, err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}

// Margin is what functions keep of their time for an answer, unless they have to clean up.
const Margin = 500 * time.Millisecond

// Invocation is one event's: its log, and what is reported of it at its end.
type Invocation struct {
	// Log has the request's id. What else is added to it, with With, stands in the line that Run logs, too.
	Log *slog.Logger

	level slog.Level
	msg   string
	attrs []slog.Attr
}

// Add adds to the line that is logged at the end.
func (i *Invocation) Add(attrs ...slog.Attr) { i.attrs = append(i.attrs, attrs...) }

// Report replaces the level and the msg of that line, which are INFO and contract.LogDone.
func (i *Invocation) Report(level slog.Level, msg string, attrs ...slog.Attr) {
	i.level, i.msg = level, msg
	i.Add(attrs...)
}

// unhealthy is the answer of a function that cannot ask the database.
type unhealthy struct {
	OK    bool   `json:"ok"` // false
	Error string `json:"error"`
}

// Unhealthy reports that the database cannot be asked, and returns the answer to whoever invoked the function.
func (i *Invocation) Unhealthy(err error) (answer any) {
	i.Report(slog.LevelError, contract.LogUnhealthy, slog.String(contract.LogError, err.Error()))
	return unhealthy{Error: err.Error()}
}

// Run handles one event and logs one line about it. The context that handle gets ends a margin before the function's own time
// does: Lambda would report a timeout as well, but not what took so long. An error is logged and returned; Lambda retries an
// asynchronous event, and hands it to the on-failure destination in the end.
func Run(ctx context.Context, log *slog.Logger, margin time.Duration,
	handle func(context.Context, *Invocation) (answer any, err error)) ([]byte, error) {
	start := time.Now()
	if call, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With(contract.LogRequestID, call.AwsRequestID)
	}
	limited, cancel := withMargin(ctx, margin)
	defer cancel()
	i := &Invocation{Log: log, msg: contract.LogDone}
	answer, err := handle(limited, i)
	if err != nil {
		i.Report(slog.LevelError, contract.LogFailed, slog.String(contract.LogError, err.Error()))
	}
	i.Add(slog.Float64(contract.LogDurationMS, milliseconds(time.Since(start))))
	i.Log.LogAttrs(ctx, i.level, i.msg, i.attrs...)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// withMargin ends a context a while before its own deadline.
func withMargin(ctx context.Context, margin time.Duration) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, deadline.Add(-margin))
	}
	return context.WithCancel(ctx)
}

// milliseconds is a duration in milliseconds, to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
