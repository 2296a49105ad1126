package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// needsIDs refuses to drop nothing.
func needsIDs(ids []string) []error {
	if len(ids) == 0 {
		return []error{errors.New("an ID is missing: list prints them")}
	}
	return nil
}

// drop deletes messages by SQS's ids of them, from either queue, and reads no further when it has all. Its error names
// those that it has not found.
func (c *client) drop(ctx context.Context, ids []string) error {
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	for _, q := range c.queues(listing) {
		err := c.read(ctx, q, func(r *reading, m *deadLetter) error {
			if !wanted[m.sqsID] {
				return nil
			}
			if err := r.remove(ctx, m); err != nil {
				return err
			}
			c.printf("%s: %s is deleted", q.name, m.sqsID)
			if delete(wanted, m.sqsID); len(wanted) == 0 {
				return errStop
			}
			return nil
		})
		if err != nil || len(wanted) == 0 {
			return err
		}
	}
	return fmt.Errorf("in no queue, or in flight: %s", strings.Join(slices.Sorted(maps.Keys(wanted)), ", "))
}
