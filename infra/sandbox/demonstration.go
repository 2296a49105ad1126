package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

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

// runDemonstration shows everything once.
func runDemonstration(ctx context.Context, args []string) error {
	var keep bool
	o, err := parseUp("sandbox", args, func(flags *flag.FlagSet) {
		flags.BoolVar(&keep, "keep", false, "leave it up afterwards, until Ctrl-C or down")
	})
	if err != nil {
		return err
	}
	return session.Run(ctx, o, func(ctx context.Context, s *session.Session) error {
		if err := s.Deploy(ctx); err != nil {
			return err
		}
		err := demonstrate(ctx, s)
		if keep && ctx.Err() == nil {
			if err != nil {
				s.Say("not as it should be: %v", err) // and there to be looked at
			}
			return errors.Join(err, s.WaitForShutdown(ctx))
		}
		if err != nil {
			return err
		}
		return destroy(ctx, s)
	})
}

// demonstrate sends the messages and tells whether each ended as it should.
func demonstrate(ctx context.Context, s *session.Session) error {
	s.Say("three messages, a few seconds from now; Lambda's waits before its retries are shortened")
	fmt.Fprintln(s.Out)
	now := s.State()
	f, err := newFollower(now, s.Out)
	if err != nil {
		return err
	}
	for i, d := range demonstration {
		m := contract.Message{ID: d.id, Channel: contract.Webhook, To: now.Webhook(d.answers), Subject: d.subject, Body: "It is time."}
		at, err := now.Schedule(ctx, m, time.Duration(3+i)*time.Second)
		if err != nil {
			return err
		}
		f.expect(m, at)
	}
	if err := f.follow(ctx); err != nil {
		return err
	}
	return verify(ctx, s.Out, now)
}

// verify prints the rows and the dead letters, and says what is not as it should be.
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
	undelivered, unwritten, err := now.DeadLetters(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Dead letters: %d undelivered, %d unwritten\n\n", undelivered, unwritten)
	if undelivered+unwritten > 0 {
		wrong = append(wrong, errors.New("there are dead letters"))
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
	s.Say("everything is gone; to look around in it: %s", state.Command(s.Project.Folder, "-keep"))
	return nil
}
