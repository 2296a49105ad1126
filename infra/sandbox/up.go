package main

import (
	"context"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/session"
)

// upCommand brings a sandbox up and keeps it up, in the foreground, until Ctrl-C or down.
func upCommand() *command.Command {
	var o session.Options
	return &command.Command{
		Name: "up", Summary: "Brings a sandbox up and keeps it, until Ctrl-C or down",
		Text:  "It holds the terminal, and shows the way of every message, whoever scheduled it.",
		Flags: func(f *command.Flags) { upFlags(f, &o) },
		Run: func(ctx context.Context, _ command.Streams, _ []string) error {
			return inSession(ctx, o, func(ctx context.Context, s *session.Session) error {
				if err := s.Deploy(ctx); err != nil {
					return err
				}
				return keep(ctx, s)
			})
		},
	}
}

// inSession runs something in a sandbox, which is gone afterwards whatever happens.
func inSession(ctx context.Context, o session.Options, do func(context.Context, *session.Session) error) (err error) {
	if o.Folder, err = absolute(o.Folder); err != nil {
		return err
	}
	return session.Run(ctx, o, do)
}

// keep shows what happens in a sandbox until it is to end.
func keep(ctx context.Context, s *session.Session) error {
	f, err := newFollower(s.State(), s.Out)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = f.follow(ctx, everything)
	}()
	err = s.WaitForShutdown(ctx)
	<-ended
	return err
}
