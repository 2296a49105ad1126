// Package invocation is what functions do around their events.
package invocation

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/tlsroots"
)

// Start makes a function's handler from its environment and hands it events. A handler that cannot be made ends the
// process, and Lambda notes it as a failed init phase.
func Start[H lambda.Handler](newHandler func(getenv func(string) string, log *slog.Logger) (H, error)) {
	tlsroots.Load()
	logger := jsonlog.New(os.Stdout)
	handler, err := newHandler(os.Getenv, logger)
	if err != nil {
		logger.Error("not configured", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}

// margin is what is left of the function's time for an answer. Lambda would note a timeout as well, but without a word
// on what took so long.
const margin = 500 * time.Millisecond

// WithMargin ends a context 500 ms before the function's own time is up.
func WithMargin(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, deadline.Add(-margin))
	}
	return context.WithCancel(ctx)
}

// Attrs adds to a log line what every one has: the request's id, and the milliseconds since the event came in.
func Attrs(ctx context.Context, start time.Time, about ...slog.Attr) []slog.Attr {
	if call, ok := lambdacontext.FromContext(ctx); ok {
		about = append(about, slog.String("requestId", call.AwsRequestID))
	}
	return append(about, slog.Float64("durationMs", Milliseconds(time.Since(start))))
}

// Milliseconds is a duration in milliseconds, to the microsecond.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
