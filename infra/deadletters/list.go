package main

import (
	"context"
	"time"

	"scheduled-messages/infra/internal/command"
)

// list describes each message. It only looks: every message can be received again when it is done.
func (c *client) list(ctx context.Context, body bool) error {
	for _, q := range c.queues(listing) {
		if err := c.reportInFlight(ctx, q); err != nil {
			return err
		}
		count := 0
		err := c.read(ctx, q, func(_ *reading, m *deadLetter) error {
			count++
			c.describe(q, m, body)
			return nil
		})
		c.printf("%s: %s", q.name, command.Count(count, "dead-letter message"))
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *client) describe(q queue, m *deadLetter, body bool) {
	c.printf("%s: %s, since %s, received %s", q.name, m.sqsID, m.since.Format(time.RFC3339), command.Count(m.received, "time"))
	if m.messageID != "" && m.status != "" {
		c.printf("    message %s, which is %s", m.messageID, m.status)
	} else if m.messageID != "" {
		c.printf("    message %s", m.messageID)
	}
	if m.reason != "" {
		c.printf("    reason: %s", m.reason)
	}
	switch {
	case m.skipReason != "":
		c.printf("    nothing to resend: %s", m.skipReason)
	case m.parseErr != nil:
		c.printf("    cannot be resent: %v", m.parseErr)
	}
	if body {
		c.printf("    body: %s", m.body)
	}
}
