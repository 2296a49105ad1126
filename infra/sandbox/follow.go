package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// follower prints messages' way as the data plane tells it, until each has its row or is lost.
type follower struct {
	state  *state.State
	out    io.Writer
	trace  *os.File
	rest   []byte          // a line that is not whole yet
	on     map[string]bool // messages that are on their way
	failed []error
}

// newFollower begins with what happens from now on.
func newFollower(s *state.State, out io.Writer) (*follower, error) {
	trace, err := os.Open(s.Trace)
	if err != nil {
		return nil, err
	}
	_, err = trace.Seek(0, io.SeekEnd)
	return &follower{state: s, out: out, trace: trace, on: map[string]bool{}}, err
}

// expect follows a message, too.
func (f *follower) expect(m contract.Message, at time.Time) {
	f.on[m.ID] = true
	f.print(time.Now(), m.ID, "scheduled at "+at.Local().Format(time.TimeOnly)+" by Scheduler's API")
}

// follow returns when all messages have come to their end. Its error names those that have no row.
func (f *follower) follow(ctx context.Context) error {
	defer f.trace.Close()
	for len(f.on) > 0 {
		text, err := io.ReadAll(f.trace)
		if err != nil {
			return err
		}
		f.rest = append(f.rest, text...)
		for {
			line, rest, whole := bytes.Cut(f.rest, []byte("\n"))
			if !whole {
				break
			}
			f.rest = rest
			var l dataplane.Line
			if err := json.Unmarshal(line, &l); err != nil {
				return err
			}
			if f.on[l.Message] {
				f.tell(l)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.Join(f.failed...)
}

func (f *follower) tell(l dataplane.Line) {
	function := l.Function[strings.LastIndexByte(l.Function, '-')+1:]
	again := ""
	if l.Again > 0 {
		again = fmt.Sprintf("; again in %s", l.Again.Round(100*time.Millisecond))
	}
	attempt := ""
	if l.Attempt > 1 {
		attempt = fmt.Sprintf(", attempt %d", l.Attempt)
	}
	switch l.Kind {
	case dataplane.Fired:
		f.print(l.At, l.Message, "fired: the "+function+" has it")
	case dataplane.Refused:
		f.print(l.At, l.Message, "fired"+attempt+", and refused: "+l.Text+again)
	case dataplane.Failed:
		f.print(l.At, l.Message, function+attempt+": "+l.Text+again)
	case dataplane.Handed:
		f.print(l.At, l.Message, "the "+function+"'s result goes to the "+l.Text[strings.LastIndexByte(l.Text, '-')+1:])
	case dataplane.Attempted:
		var answer struct {
			Status contract.Status
			Row    string
		}
		_ = json.Unmarshal(l.Answer, &answer) // another function's says nothing here
		f.print(l.At, l.Message, function+attempt+": "+strings.TrimSpace(string(answer.Status)+" "+rowWords(answer.Row)))
		if answer.Row != "" {
			delete(f.on, l.Message)
		}
	case dataplane.Dead:
		f.print(l.At, l.Message, "a dead letter in "+l.Text)
		f.fail(l, "ended as a dead letter in "+l.Text)
	case dataplane.Lost:
		f.print(l.At, l.Message, "lost: "+l.Text)
		f.fail(l, "was lost: "+l.Text)
	}
	if l.Last && f.on[l.Message] {
		f.fail(l, "ended at "+l.Function+", which has no destination for it")
	}
}

func (f *follower) fail(l dataplane.Line, words string) {
	f.failed = append(f.failed, fmt.Errorf("%s %s", l.Message, words))
	delete(f.on, l.Message)
}

func rowWords(row string) string {
	if row == "" {
		return ""
	}
	return "(row " + row + ")"
}

func (f *follower) print(at time.Time, id, words string) {
	fmt.Fprintln(f.out, terminal.Printable(fmt.Sprintf("%s  %-10s %s", at.Local().Format("15:04:05.0"), id, words)))
}
