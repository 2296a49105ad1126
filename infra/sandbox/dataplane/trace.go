package dataplane

import (
	"encoding/json"
	"os"
	"sync"
	"time"
)

// Kind is what a line of the trace tells.
type Kind string

// What happens to a message on its way.
const (
	Fired     Kind = "fired"     // a schedule's time came, and its target took the event
	Refused   Kind = "refused"   // a schedule's target did not take the event
	Attempted Kind = "attempted" // a function handled the event
	Failed    Kind = "failed"    // a function came to an error
	Handed    Kind = "handed"    // the result went to the function's destination
	Lost      Kind = "lost"      // nobody took it
	Dead      Kind = "dead"      // it went to a queue of dead letters
)

// Line is one line of the trace.
type Line struct {
	At       time.Time
	Kind     Kind
	Message  string          `json:",omitempty"` // the message's id
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
	var payload struct {
		ID      string
		Request struct{ ID string } `json:"requestPayload"`
	}
	_ = json.Unmarshal(l.Payload, &payload) // an event of another kind has no message
	l.At, l.Message = time.Now(), payload.ID+payload.Request.ID
	text, err := json.Marshal(l)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.file.Write(append(text, '\n')) // one call for each line, so that no reader sees half of two
}
