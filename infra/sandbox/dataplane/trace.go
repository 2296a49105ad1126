package dataplane

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"
)

// Kind is what a line of the trace reports.
type Kind string

// What happens to a message on its way.
const (
	Scheduled Kind = "scheduled" // a schedule was made or changed; Text says when it is due
	Deleted   Kind = "deleted"   // a one-time schedule was deleted before its time
	Fired     Kind = "fired"     // a schedule's time came, and its target took the event
	Refused   Kind = "refused"   // a schedule's target did not take the event
	Attempted Kind = "attempted" // a function handled the event
	Failed    Kind = "failed"    // a function failed
	Handed    Kind = "handed"    // the result went to the function's destination
	Lost      Kind = "lost"      // nobody took it
	Dead      Kind = "dead"      // it went to a dead-letter queue
)

// Bad reports whether it is what nobody wants to happen.
func (k Kind) Bad() bool { return k == Refused || k == Failed || k == Lost || k == Dead }

// Line is one line of the trace.
type Line struct {
	At       time.Time
	Kind     Kind
	Message  string          `json:",omitempty"` // the message's id
	Schedule string          `json:",omitempty"` // its name
	Function string          `json:",omitempty"`
	Attempt  int             `json:",omitempty"`
	Text     string          `json:",omitempty"` // what there is to say, or where it went
	Again    time.Duration   `json:",omitempty"` // until the next attempt
	Last     bool            `json:",omitempty"` // the function has no destination for it: nothing follows
	Answer   json.RawMessage `json:",omitempty"` // the function's

	Payload json.RawMessage `json:"-"` // whose message it is; never written, because it holds the message
}

// trace is a file that the command reads while it is written. It goes on where a former process left it.
type trace struct {
	mu   sync.Mutex
	file *os.File
}

func openTrace(path string) (*trace, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return &trace{file: file}, err
}

func (t *trace) write(l Line) {
	l.At = time.Now()
	if l.Message == "" {
		l.Message = messageIn(l.Payload)
	}
	text, err := json.Marshal(l)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.file.Write(append(text, '\n')) // one call for each line, so that no reader sees half of two
}

// messageIn is the id of the message in an event or a record, "" in one of another kind.
func messageIn(event []byte) string {
	var payload struct {
		ID      string
		Request struct{ ID string } `json:"requestPayload"`
	}
	if json.Unmarshal(event, &payload) != nil {
		return ""
	}
	return payload.ID + payload.Request.ID
}

// TraceReader reads a trace while it is written.
type TraceReader struct {
	from io.Reader
	rest []byte // a line that is not complete yet
}

// NewTraceReader reads from where the trace is.
func NewTraceReader(from io.Reader) *TraceReader { return &TraceReader{from: from} }

// Read returns the lines that were written since the last call.
func (r *TraceReader) Read() (lines []Line, err error) {
	text, err := io.ReadAll(r.from)
	if err != nil {
		return nil, err
	}
	r.rest = append(r.rest, text...)
	for {
		line, rest, complete := bytes.Cut(r.rest, []byte("\n"))
		if !complete {
			return lines, nil
		}
		r.rest = rest
		var l Line
		if err := json.Unmarshal(line, &l); err != nil {
			return lines, err
		}
		lines = append(lines, l)
	}
}

// ReadTrace reads all of a trace.
func ReadTrace(path string) ([]Line, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return NewTraceReader(file).Read()
}
