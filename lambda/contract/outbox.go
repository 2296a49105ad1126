package contract

import (
	"encoding/json"
	"time"
)

// RelayQuery is what the function relay is asked: for the first page of the work that is left at Scheduler, or for the one
// after a cursor.
type RelayQuery struct {
	After *Cursor `json:"after,omitempty"`
}

// Page is relay's answer.
type Page struct {
	// Read is when the rows were read, by relay's clock; UTC. Of two commands for one message the one that was read later counts.
	Read     time.Time `json:"read"`
	Commands []Command `json:"commands"`
	Next     *Cursor   `json:"next,omitempty"` // where the next page begins; nil when no work is left
}

// Cursor is a place in the order in which the work is done.
type Cursor struct {
	Todo  int       `json:"todo"` // the column's value
	DueAt time.Time `json:"dueAt"`
	ID    string    `json:"id"`
}

// Op is what a command does to a message's schedule.
type Op string

// The commands' operations.
const (
	Arm    Op = "arm"    // make it, or move it
	Disarm Op = "disarm" // disable it unless its time has come
	Clear  Op = "clear"  // delete it: the message has its outcome
	Refuse Op = "refuse" // the row cannot be a message
)

// Ops are all of them.
func Ops() []Op { return []Op{Arm, Disarm, Clear, Refuse} }

// Command is what a row asks for.
type Command struct {
	ID      string          `json:"id"`
	Op      Op              `json:"op"`
	Version time.Time       `json:"version"`           // the row's updated_at
	At      time.Time       `json:"at,omitzero"`       // with Arm; UTC
	Message json.RawMessage `json:"message,omitempty"` // with Arm: the schedule's input
	Reason  string          `json:"reason,omitempty"`  // with Refuse: what is wrong with the row, without its text
}

// ScheduleState is what the updater writes into a row whose command was carried out.
type ScheduleState struct {
	ID      string    `json:"id"`
	Op      Op        `json:"op"`
	Version time.Time `json:"version"`
	Reason  string    `json:"reason,omitempty"` // with Refuse
}

// ScheduleReport is the updater's event with the states of one page.
type ScheduleReport struct {
	Schedules []ScheduleState `json:"schedules"`
}

// OverdueRow is a row of the answer of the function status to {"overdue":true}.
type OverdueRow struct {
	ID          string    `json:"id"`
	ScheduledAt time.Time `json:"scheduledAt"`
	Version     time.Time `json:"version"` // updated_at
	Outbox      bool      `json:"outbox"`  // whether the outbox makes its schedule
	Armed       bool      `json:"armed"`   // whether it has made it as the row says
}

// FailureTime begins a last_error. Its width is fixed, so that texts are in the order of their times.
const FailureTime = "2006-01-02T15:04:05.000Z "
