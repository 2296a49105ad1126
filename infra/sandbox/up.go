package main

import (
	"context"
	"errors"

	"scheduled-messages/infra/sandbox/session"
)

// runUp brings a sandbox up and keeps it up, in the foreground, until Ctrl-C or down.
func runUp(ctx context.Context, args []string) error {
	o, err := parseUp("up", args, nil)
	if err != nil {
		return err
	}
	return inSession(ctx, o, func(s *session.Session) error {
		if err := s.Deploy(ctx); err != nil {
			return err
		}
		return s.WaitForShutdown(ctx)
	})
}

// inSession runs something in a sandbox, which is gone afterwards whatever happens.
func inSession(ctx context.Context, o session.Options, do func(*session.Session) error) error {
	s, err := session.Start(ctx, o)
	if err == nil {
		err = do(s)
	}
	if err != nil && ctx.Err() != nil { // what was running until then has ended as it should
		err = errors.New("interrupted")
	}
	return errors.Join(err, s.Close())
}
