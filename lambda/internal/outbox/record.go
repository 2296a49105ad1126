package outbox

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
)

// The row's version is updated_at, which every statement of a backend or of an outcome moves on. These keep it, so that what
// is recorded holds for exactly the version that was read; a row that changed meanwhile stays due.
//
// A report about another version than the row has now says that somebody did late what was asked for early: if the row counts
// as done, it is looked at again.
const (
	recordArmed   = `UPDATE messages SET armed_version = updated_at, updated_at = updated_at WHERE `
	recordCleared = `UPDATE messages SET armed_version = updated_at, cleared_version = updated_at, updated_at = updated_at WHERE `
	askAgain      = `UPDATE messages SET armed_version = NULL, cleared_version = NULL, updated_at = updated_at
WHERE (armed_version = updated_at OR cleared_version = updated_at) AND (`

	sameVersion  = `(id = ? AND updated_at = ?)`
	otherVersion = `(id = ? AND updated_at <> ?)`

	recordRefused = `UPDATE messages SET status = 'FAILED', last_error = ?, updated_at = ?
WHERE id = ? AND updated_at = ? AND status = 'SCHEDULED'`
)

// maxRows is how many rows one statement names: it stays below 16 KB, from where on RDS Proxy would pin the connection.
const maxRows = 80

// DecodeReport recognises armer's events. Its error names a state that is none.
func DecodeReport(event []byte) (states []contract.ScheduleState, ok bool, err error) {
	if !bytes.Contains(event[:min(len(event), 100)], []byte(`"schedules"`)) { // nearly every event is a record, which is long
		return nil, false, nil
	}
	var report struct {
		Schedules *[]contract.ScheduleState `json:"schedules"`
	}
	if json.Unmarshal(event, &report) != nil || report.Schedules == nil {
		return nil, false, nil
	}
	for _, state := range *report.Schedules {
		if state.ID == "" || state.Version.IsZero() || !slices.Contains(contract.Ops(), state.Op) {
			return nil, true, fmt.Errorf("the report of %q has operation %q and version %s", state.ID, state.Op, state.Version)
		}
	}
	return *report.Schedules, true, nil
}

// Recorded is the answer to armer's report.
type Recorded struct {
	Schedules int `json:"schedules"`
	Rows      int `json:"rows"` // that count as done now, or are FAILED
}

// Record writes a report. It may be written twice, and in any order with others.
func Record(ctx context.Context, db *sql.DB, states []contract.ScheduleState, now time.Time) (answer Recorded, err error) {
	answer.Schedules = len(states)
	states = slices.Clone(states)
	slices.SortFunc(states, func(a, b contract.ScheduleState) int { // rows are locked in one order
		return cmp.Or(cmp.Compare(a.Op, b.Op), cmp.Compare(a.ID, b.ID))
	})
	for len(states) > 0 {
		op, n := states[0].Op, 1
		for n < len(states) && n < maxRows && states[n].Op == op {
			n++
		}
		some := states[:n]
		states = states[n:]
		recorded, err := recordSome(ctx, db, op, some, now)
		if err != nil {
			return answer, err
		}
		answer.Rows += int(recorded)
	}
	return answer, nil
}

func recordSome(ctx context.Context, db *sql.DB, op contract.Op, states []contract.ScheduleState, now time.Time) (
	recorded int64, err error) {
	if op == contract.Refuse {
		for _, state := range states {
			reason := contract.Truncate(now.UTC().Format(contract.FailureTime)+state.Reason, contract.MaxReasonLength)
			changed, err := affected(ctx, db, recordRefused, reason, now.UTC().Truncate(time.Millisecond), state.ID, state.Version)
			if err != nil {
				return recorded, err
			}
			recorded += changed
		}
		return recorded, nil
	}
	var arguments []any
	for _, state := range states {
		arguments = append(arguments, state.ID, state.Version)
	}
	record := recordArmed
	if op == contract.Clear {
		record = recordCleared
	}
	recorded, err = affected(ctx, db, record+either(sameVersion, len(states)), arguments...)
	if err != nil || int(recorded) == len(states) {
		return recorded, err
	}
	_, err = affected(ctx, db, askAgain+either(otherVersion, len(states))+")", arguments...)
	return recorded, err
}

// either is a condition n times, one of which has to hold. Each names the key, so that each reads one row.
func either(condition string, n int) string {
	return condition + strings.Repeat("\n OR "+condition, n-1)
}

// affected runs a statement and returns how many rows it changed.
func affected(ctx context.Context, db *sql.DB, statement string, arguments ...any) (int64, error) {
	result, err := db.ExecContext(ctx, statement, arguments...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
