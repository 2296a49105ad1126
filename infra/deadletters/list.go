package main

import (
	"context"
	"slices"
	"time"
)

// list tells of each letter in words. It only looks: every letter can be seen again when it is done.
func (o *office) list(ctx context.Context, body bool) error {
	for _, q := range o.both() {
		if err := o.tellHidden(ctx, q); err != nil {
			return err
		}
		var seen []*letter
		if err := o.each(ctx, q, listSeconds, func(l *letter) error {
			seen = append(seen, l)
			return nil
		}); err != nil {
			o.release(ctx, q, seen)
			return err
		}
		o.say("%s: %d letters", q.name, len(seen))
		for _, l := range seen {
			o.tell(l, body)
		}
		o.release(ctx, q, seen)
	}
	return nil
}

func (o *office) tell(l *letter, body bool) {
	o.say("  letter %s, since %s, seen %d times", l.letterID, l.since.Format(time.RFC3339), l.received)
	if l.messageID != "" && l.status != "" {
		o.say("    message %s, which is %s", l.messageID, l.status)
	} else if l.messageID != "" {
		o.say("    message %s", l.messageID)
	}
	if l.why != "" {
		o.say("    why: %s", l.why)
	}
	switch {
	case l.empty != "":
		o.say("    nothing to send: %s", l.empty)
	case l.unclear != nil:
		o.say("    cannot be sent: %v", l.unclear)
	}
	if body {
		o.say("    body: %s", l.body)
	}
}

// tellHidden says what the command will not see.
func (o *office) tellHidden(ctx context.Context, q queue) error {
	count, err := o.hidden(ctx, q)
	if err == nil && count != "" && count != "0" {
		o.say("%s: about %s letters are held by another run, or by one that was killed; they show again within %d minutes",
			q.name, count, resendSeconds/60)
	}
	return err
}

// drop deletes letters by their ids, from either queue.
func (o *office) drop(ctx context.Context, ids []string) error {
	for _, q := range o.both() {
		var kept []*letter
		err := o.each(ctx, q, listSeconds, func(l *letter) error {
			if !slices.Contains(ids, l.letterID) {
				kept = append(kept, l)
				return nil
			}
			o.say("%s: %s is deleted", q.name, l.letterID)
			return o.delete(ctx, q, l)
		})
		o.release(ctx, q, kept)
		if err != nil {
			return err
		}
	}
	return nil
}
