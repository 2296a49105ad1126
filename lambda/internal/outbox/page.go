package outbox

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"scheduled-messages/lambda/contract"
)

const (
	// maxCommands bounds a page, what armer does between two reports, and the updater's event.
	maxCommands = 500
	// maxBytes is of a page's messages: the largest message fits, and a page stays below what Lambda carries in an
	// asynchronous event (256 KB of old, 1 MB now) as well as in an answer (6 MB).
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxBytes = contract.MaxEventLength
	// clearDelay is how long a schedule keeps its name after the outcome. A command to make it that is still on its way
	// meets a conflict until then, and not an empty place. Commands live for a minute, armer's timeout; the updater may
	// write for a minute what it dates at its start; the rest is for clocks that differ.
	clearDelay = 5 * time.Minute
)

// ReadPage reads the work after the cursor: the first page of it if that is nil.
func ReadPage(ctx context.Context, db *sql.DB, now time.Time, after *contract.Cursor) (contract.Page, error) {
	p := contract.Page{Read: now.UTC(), Commands: []contract.Command{}}
	rows, err := selectWork(ctx, db, after, now.Add(-clearDelay), maxCommands)
	if err != nil {
		return p, err
	}
	full := len(rows) == maxCommands
	if n := fitting(rows); n < len(rows) {
		rows, full = rows[:n], true
	}
	var withBody []row
	for _, r := range rows {
		if r.op() == contract.Arm {
			withBody = append(withBody, r)
		}
	}
	bodies, err := selectBodies(ctx, db, withBody)
	if err != nil {
		return p, err
	}
	size := 0
	for i, r := range rows {
		command, err := r.command(bodies)
		if err != nil {
			return p, err
		}
		// A row that has changed since it was read has no body here, and is due again in the next round.
		if command.Op == contract.Arm && command.Message == nil {
			continue
		}
		if size += len(command.Message); size > maxBytes && len(p.Commands) > 0 { // JSON escapes some of a body
			rows, full = rows[:i], true
			break
		}
		p.Commands = append(p.Commands, command)
	}
	if full && len(rows) > 0 {
		last := rows[len(rows)-1]
		p.Next = &contract.Cursor{Todo: last.todo, DueAt: last.dueAt, ID: last.id}
	}
	return p, nil
}

// fitting is how many rows have bodies of maxBytes together, and at least one.
func fitting(rows []row) int {
	size := 0
	for i, r := range rows {
		if r.op() != contract.Arm {
			continue
		}
		if size += r.bodyLength; size > maxBytes && i > 0 {
			return i
		}
	}
	return len(rows)
}

// op is what the row asks for.
func (r row) op() contract.Op {
	switch {
	case r.todo == todoClear:
		return contract.Clear
	case r.status != contract.Scheduled || !r.scheduledAt.Valid:
		return contract.Disarm
	case r.problem() != "":
		return contract.Refuse
	}
	return contract.Arm
}

// problem is what can be said of a row without its body: one that is too long is not read.
func (r row) problem() string {
	if err := contract.CheckID(r.id); err != nil {
		return err.Error()
	}
	if r.bodyLength > contract.MaxBodyLength {
		return fmt.Sprintf("body has %d bytes: allowed are 1 to %d", r.bodyLength, contract.MaxBodyLength)
	}
	return ""
}

// command is what the row asks for, with its message.
func (r row) command(bodies map[string]string) (contract.Command, error) {
	c := contract.Command{ID: r.id, Op: r.op(), Version: r.version, Reason: r.problem()}
	if c.Op != contract.Refuse {
		c.Reason = ""
	}
	body, there := bodies[r.id]
	if c.Op != contract.Arm || !there {
		return c, nil
	}
	text, err := message(contract.Message{ID: r.id, Channel: contract.Channel(r.channel.String), To: r.recipient.String,
		Subject: r.subject.String, Body: body})
	if err != nil {
		return c, err
	}
	if _, err := contract.Decode(text); err != nil {
		c.Op, c.Reason = contract.Refuse, contract.Truncate(err.Error(), contract.MaxReasonLength)
		return c, nil
	}
	c.At, c.Message = r.scheduledAt.Time, text
	return c, nil
}

// attribute begins what Scheduler replaces in an input by an attribute of the schedule, wherever it stands.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
const attribute = "<aws.scheduler."

// message is the schedule's input. No more of it is escaped than has to be: each escape is a byte that a body cannot have.
func message(m contract.Message) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, err
	}
	return bytes.ReplaceAll(bytes.TrimSpace(text.Bytes()), []byte(attribute), []byte(`\u003c`+attribute[1:])), nil
}
