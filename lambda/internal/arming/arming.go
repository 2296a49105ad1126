// Package arming has the schedules at EventBridge Scheduler follow the rows of the table. It holds no state, and may end at any
// point: what was not recorded is asked for again, and finds its schedule as it is.
package arming

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
)

const (
	// Workers are how many calls are under way at once: as many as it takes to come near the quota.
	Workers = 16
	// reserve is what is left of the function's time for a page that is begun last. A page that takes longer is done again.
	reserve = 8 * time.Second
)

// Target is what a schedule of a row is made with.
type Target struct {
	Group, RoleARN, SenderARN, DeadLetterARN, KeyARN string
}

// Rows are the functions that know the rows: relay, and the updater.
type Rows interface {
	Ask(ctx context.Context, after *contract.Cursor) (contract.Page, error)
	Report(ctx context.Context, states []contract.ScheduleState) error
}

// Clock is the time, and how it passes.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Armer carries out what rows ask for.
type Armer struct {
	Target
	Clock
	Schedules ScheduleAPI
	Rows      Rows
	Pace      *Pace
	Workers   int
	Log       *slog.Logger
}

// Summary is what a round did.
type Summary struct {
	Armed    int  `json:"armed"`
	Disarmed int  `json:"disarmed"`
	Cleared  int  `json:"cleared"`
	Refused  int  `json:"refused"`
	TooLate  int  `json:"tooLate"` // of Armed: the message was on its way under its former time
	Left     int  `json:"left"`    // commands that the next round repeats
	More     bool `json:"more"`    // whether work was left when the time was up
}

// Round works page by page. The cursor goes forward only, and the time is limited, so that it ends; what is left, or has come
// up behind the cursor, is the next minute's.
func (a *Armer) Round(ctx context.Context) (s Summary, err error) {
	deadline, limited := ctx.Deadline()
	var problems []error
	for after := (*contract.Cursor)(nil); ; {
		asked := a.Now()
		page, err := a.Rows.Ask(ctx, after)
		if err != nil {
			return s, errors.Join(append(problems, err)...)
		}
		states, problem := a.work(ctx, page, asked, &s)
		if err := a.report(ctx, states); err != nil {
			return s, errors.Join(append(problems, err)...)
		}
		if problem != nil {
			problems = append(problems, problem)
		}
		s.More = page.Next != nil
		if page.Next == nil || isThrottled(problem) || limited && deadline.Sub(a.Now()) < reserve {
			return s, errors.Join(problems...)
		}
		after = page.Next
	}
}

// maxReport is how many bytes of states go into one event of the updater's. Refusals have reasons.
const maxReport = contract.MaxEventLength

func (a *Armer) report(ctx context.Context, states []contract.ScheduleState) error {
	size, from := 0, 0
	for i, state := range states {
		text, err := json.Marshal(state)
		if err != nil {
			return err
		}
		if size += len(text) + 1; size > maxReport {
			if err := a.Rows.Report(ctx, states[from:i]); err != nil {
				return err
			}
			size, from = len(text)+1, i
		}
	}
	if from == len(states) {
		return nil
	}
	return a.Rows.Report(ctx, states[from:])
}
