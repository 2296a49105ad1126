package arming

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"golang.org/x/sync/errgroup"

	"scheduled-messages/lambda/contract"
)

// commandLife is how old a command may be when it is carried out. A row may have its outcome by then, and its schedule may be
// gone: relay waits for longer than this until it has a schedule deleted for good.
const commandLife = time.Minute

// work carries out the commands of a page that was asked for at a time. It returns what is done, and one error for all that is
// not: a command that fails holds up no other.
func (a *Armer) work(ctx context.Context, page contract.Page, asked time.Time, s *Summary) ([]contract.ScheduleState, error) {
	var mu sync.Mutex
	var states []contract.ScheduleState
	var first error
	failed := 0
	var group errgroup.Group
	group.SetLimit(a.Workers)
	for _, c := range page.Commands {
		group.Go(func() error {
			inTime, err := a.carryOut(ctx, c, page.Read, asked)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				s.Left++
				if !errors.Is(err, errLater) {
					failed++
					a.Log.LogAttrs(ctx, slog.LevelWarn, "left",
						slog.String(contract.LogMessageID, c.ID), slog.String(contract.LogError, err.Error()))
				}
				if first == nil && !errors.Is(err, errLater) || isThrottled(err) {
					first = fmt.Errorf("%s %q: %w", c.Op, c.ID, err)
				}
				return nil
			}
			s.count(c.Op, inTime)
			states = append(states, contract.ScheduleState{ID: c.ID, Op: c.Op, Version: c.Version, Reason: c.Reason})
			return nil
		})
	}
	_ = group.Wait() // which returns none
	if first != nil {
		first = fmt.Errorf("%d commands are left, such as %w", failed, first)
	}
	return states, first
}

func (a *Armer) carryOut(ctx context.Context, c contract.Command, read, asked time.Time) (inTime bool, err error) {
	if ctx.Err() != nil || a.Now().Sub(asked) > commandLife {
		return false, errLater
	}
	switch c.Op {
	case contract.Arm:
		return a.arm(ctx, c, read)
	case contract.Disarm:
		return true, a.disarm(ctx, c, read)
	case contract.Clear:
		return true, a.clear(ctx, c)
	case contract.Refuse:
		return true, nil
	}
	return false, fmt.Errorf("there is no such operation")
}

func (s *Summary) count(op contract.Op, inTime bool) {
	switch op {
	case contract.Arm:
		s.Armed++
		if !inTime {
			s.TooLate++
		}
	case contract.Disarm:
		s.Disarmed++
	case contract.Clear:
		s.Cleared++
	case contract.Refuse:
		s.Refused++
	}
}

// isThrottled reports whether Scheduler has refused a call for the quota, again and again: then the round ends.
func isThrottled(err error) bool {
	_, throttled := errors.AsType[*types.ThrottlingException](err)
	return throttled
}
