package main

import (
	"context"
	"fmt"
	"os"

	"scheduled-messages/infra/sandbox/tools"
)

// runTools makes the tools ready and prints the folder to put on PATH.
func runTools(ctx context.Context, _ []string) error {
	ready, err := tools.Ready(ctx, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println(ready.Bin)
	return nil
}
