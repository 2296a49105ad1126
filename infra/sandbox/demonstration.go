package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/session"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// demonstration is the messages that show the three ways a message can go.
var demonstration = []struct {
	id, answers string // the receiver's, one after the other
	subject     string
	want        contract.Status
}{
	{"welcome", "200", "Its receiver takes it", contract.Sent},
	{"patience", "500,500,200", "Its receiver fails twice, and then takes it", contract.Sent},
	{"refused", "503", "Its receiver never takes it", contract.Failed},
}

// demonstrationCommand shows everything once.
func demonstrationCommand() *command.Command {
	var o session.Options
	var kept bool
	return &command.Command{
		Flags: func(f *command.Flags) {
			upFlags(f, &o)
			f.Bool(&kept, "keep", "leave it up afterwards, until Ctrl-C or down")
		},
		Run: func(ctx context.Context, _ command.Streams, _ []string) error {
			return inSession(ctx, o, func(ctx context.Context, s *session.Session) error {
				if err := s.Deploy(ctx); err != nil {
					return err
				}
				var shown strings.Builder
				err := demonstrate(ctx, s, io.MultiWriter(s.Out, &shown))
				if kept && ctx.Err() == nil {
					if err != nil {
						s.Say("not as it should be: %v", err) // and there to be looked at
					}
					return errors.Join(err, keep(ctx, s))
				}
				if err != nil {
					return err
				}
				if err := destroy(ctx, s); err != nil {
					return err
				}
				fmt.Fprintf(s.Out, "\nOnce more, what the messages did:\n%s", shown.String())
				s.Say("everything is gone; to look around in it: %s", state.Command(s.Project.Folder, "-keep"))
				return nil
			})
		},
	}
}

// demonstrate sends the messages, three by Scheduler's API and two by SQL, and says whether each ended as it should.
func demonstrate(ctx context.Context, s *session.Session, out io.Writer) error {
	s.Say("three messages, a few seconds from now, and two by SQL alone; Lambda's waits before its retries are shortened")
	fmt.Fprintln(out)
	now := s.State()
	f, err := newFollower(now, out)
	if err != nil {
		return err
	}
	for i, d := range demonstration {
		m := contract.Message{ID: d.id, Channel: contract.Webhook, To: now.Webhook(d.answers), Subject: d.subject, Body: "It is time."}
		if _, err := now.Schedule(ctx, m, time.Duration(3+i)*time.Second); err != nil {
			return err
		}
		f.expect(m.ID)
	}
	if err := demonstrateBySQL(ctx, now, out); err != nil {
		return err
	}
	f.expect(bySQL[0].id)
	if err := f.follow(ctx, expected); err != nil {
		return err
	}
	return verify(ctx, out, now)
}

// verify prints the rows and the number of dead-letter messages, and says what is not as it should be.
func verify(ctx context.Context, out io.Writer, now *state.State) error {
	rows, err := now.Rows(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "\nThe rows:")
	var wrong []error
	for _, d := range demonstration {
		r := rows[d.id]
		r.Print(out)
		if r.Status != d.want {
			wrong = append(wrong, fmt.Errorf("%s is %q in the database, and should be %s", d.id, r.Status, d.want))
		}
	}
	for _, m := range bySQL {
		r := rows[m.id]
		r.Print(out)
		if r.Status != m.want {
			wrong = append(wrong, fmt.Errorf("%s is %q in the database, and should be %s", m.id, r.Status, m.want))
		}
	}
	undelivered, unwritten, err := now.DeadLetters(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Dead-letter messages: %d undelivered, %d unwritten\n\n", undelivered, unwritten)
	if undelivered+unwritten > 0 {
		wrong = append(wrong, errors.New("there are dead-letter messages"))
	}
	return errors.Join(wrong...)
}

// destroy is `pulumi destroy`, and the proof that nothing is left of the stack.
func destroy(ctx context.Context, s *session.Session) error {
	s.Say("pulumi destroy")
	if err := s.Project.Run(ctx, "destroy", "--yes", "--skip-preview"); err != nil {
		return err
	}
	left, err := s.Project.Resources(ctx)
	if err != nil {
		return err
	}
	if left > 0 {
		return fmt.Errorf("destroy left %d resources in the state", left)
	}
	return nil
}
