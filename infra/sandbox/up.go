package main

import (
	"context"

	"scheduled-messages/infra/sandbox/session"
)

// runUp brings a sandbox up and keeps it up, in the foreground, until Ctrl-C or down.
func runUp(ctx context.Context, args []string) error {
	o, err := parseUp("up", args, nil)
	if err != nil {
		return err
	}
	return session.Run(ctx, o, func(ctx context.Context, s *session.Session) error {
		if err := s.Deploy(ctx); err != nil {
			return err
		}
		return s.WaitForShutdown(ctx)
	})
}
