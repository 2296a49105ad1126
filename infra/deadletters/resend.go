package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"scheduled-messages/lambda/contract"
)

// resend empties the queues as far as it can. Each message is deleted last, when what it stands for is done: a command
// that is killed leaves it, and the next one finds out how far the first came. A message that cannot be resent stays,
// with the reason, and the next one has its turn; the error says how many stay.
//
//   - A status is written by the updater, which may be asked any number of times.
//   - A message gets a schedule whose name its id says. Of two schedules of one name AWS refuses the second, so that
//     neither a second run, nor two at once, nor a second dead-letter message of it sends it again.
func (c *client) resend(ctx context.Context, failed bool) error {
	if err := c.deleteFinishedSchedules(ctx, time.Now()); err != nil {
		return fmt.Errorf("finished schedules: %w", err)
	}
	unwritten := map[string]bool{} // ids of messages whose outcome could not be written
	stay := 0
	for _, q := range c.queues(resending) {
		if err := c.reportInFlight(ctx, q); err != nil {
			return err
		}
		done, kept := 0, 0
		err := c.read(ctx, q, func(r *reading, m *deadLetter) error {
			action, keepReason, err := "", m.parseErr, error(nil)
			switch {
			case m.skipReason != "":
				action = "deleted: " + m.skipReason
			case keepReason != nil:
			case q.name == "unwritten":
				action, keepReason = c.write(ctx, m)
			case unwritten[m.messageID]:
				keepReason = errors.New("its outcome waits in unwritten, and may be SENT")
			default:
				action, keepReason, err = c.send(ctx, m, failed)
			}
			if err != nil {
				return fmt.Errorf("%s: %s: %w", q.name, m.label(), err)
			}
			if keepReason != nil {
				kept++
				if q.name == "unwritten" && m.messageID != "" {
					unwritten[m.messageID] = true
				}
				c.printf("%s: %s stays: %v", q.name, m.label(), keepReason)
				return nil
			}
			if err := r.remove(ctx, m); err != nil {
				return err
			}
			done++
			c.printf("%s: %s: %s", q.name, m.label(), action)
			return nil
		})
		c.printf("%s: %d done, %d stay", q.name, done, kept)
		if err != nil {
			return err
		}
		stay += kept
	}
	switch stay {
	case 0:
		return nil
	case 1:
		return errors.New("1 dead-letter message stays, for the reason above")
	}
	return fmt.Errorf("%d dead-letter messages stay, each for the reason above", stay)
}

// write has the updater write a status, and reports why it could not.
func (c *client) write(ctx context.Context, m *deadLetter) (action string, keepReason error) {
	var answer struct{ Row string }
	if err := c.invoke(ctx, "updater", c.UpdaterName, m.event, &answer); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s is written, its row %s", m.status, answer.Row), nil
}

// send sends a message that is not SENT yet. An error is not this message's own.
func (c *client) send(ctx context.Context, m *deadLetter, failed bool) (action string, keepReason, err error) {
	status, err := c.status(ctx, m.messageID)
	switch {
	case err != nil && c.healthy(ctx):
		return "", err, nil
	case err != nil:
		return "", nil, err
	case status == contract.Sent:
		return "deleted: it is SENT", nil, nil
	case status == contract.Failed && !failed:
		return "", errors.New("its row is FAILED; -failed sends it all the same"), nil
	}
	return c.schedule(ctx, m)
}
