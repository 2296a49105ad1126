package arming

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// Pace keeps the calls of Scheduler's API below a number a second. Its quotas are of the account in the Region, for each
// operation: in Seoul 250 a second, in the largest Regions thousands. Backends that call Scheduler themselves share them.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
type Pace struct {
	Clock
	limiter *rate.Limiter
}

// NewPace makes a pace that begins now.
func NewPace(c Clock, perSecond int) *Pace {
	return &Pace{c, rate.NewLimiter(rate.Limit(perSecond), 1)}
}

// wait waits for the next call's turn, or returns the error of a context that ends before it.
func (p *Pace) wait(ctx context.Context) error {
	now := p.Now()
	if pause := p.limiter.ReserveN(now, 1).DelayFrom(now); pause > 0 {
		return p.Sleep(ctx, pause)
	}
	return ctx.Err()
}

// Sleep is the sleep of the real clock.
func Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
