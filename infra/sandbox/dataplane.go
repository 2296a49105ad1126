package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"scheduled-messages/infra/sandbox/dataplane"
)

// runDataPlane runs the data plane with the options in a file. It is not for users.
func runDataPlane(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("the data plane takes one file")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var o dataplane.Options
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	return dataplane.Run(ctx, o)
}
