package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/state"
)

// follower prints the way of messages as the data plane reports it.
type follower struct {
	out    io.Writer
	file   *os.File
	trace  *dataplane.TraceReader
	on     map[string]bool // expected messages that are on their way
	failed []error
}

// What a follower follows.
const (
	expected   = false // the expected messages, until each has its row or is lost
	everything = true  // all messages, until the context ends
)

// newFollower begins with what happens from now on.
func newFollower(s *state.State, out io.Writer) (*follower, error) {
	file, err := os.Open(s.Trace)
	if err != nil {
		return nil, err
	}
	_, err = file.Seek(0, io.SeekEnd)
	return &follower{out: out, file: file, trace: dataplane.NewTraceReader(file), on: map[string]bool{}}, err
}

// expect follows the message with this id, too.
func (f *follower) expect(id string) { f.on[id] = true }

// follow prints what happens. Its error names those of the expected messages that have no row.
func (f *follower) follow(ctx context.Context, all bool) error {
	defer f.file.Close()
	for all || len(f.on) > 0 {
		lines, err := f.trace.Read()
		if err != nil {
			return err
		}
		for _, l := range lines {
			if all && (l.Message != "" || l.Kind.Bad()) || f.on[l.Message] {
				f.report(l)
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

// report prints one line, and ends the message's way where nothing follows it.
func (f *follower) report(l dataplane.Line) {
	words, row := describe(l)
	fmt.Fprintln(f.out, terminal.Printable(fmt.Sprintf("%s  %-10s %s", l.At.Local().Format("15:04:05.0"), nameOf(l), words)))
	switch {
	case row:
		delete(f.on, l.Message)
	case l.Kind == dataplane.Dead:
		f.fail(l, "ended as a dead-letter message in "+l.Text)
	case l.Kind == dataplane.Lost:
		f.fail(l, "was lost: "+l.Text)
	case l.Kind == dataplane.Deleted:
		f.fail(l, "was not sent: its schedule was deleted")
	case l.Last:
		f.fail(l, "ended at "+l.Function+", which has no destination for it")
	}
}

func (f *follower) fail(l dataplane.Line, words string) {
	if f.on[l.Message] {
		f.failed = append(f.failed, fmt.Errorf("%s %s", l.Message, words))
		delete(f.on, l.Message)
	}
}
