package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"scheduled-messages/infra/sandbox/tools"
)

// runTools makes the tools ready and prints the folders to put on PATH: Pulumi's, those of its plugins that were built, and
// the one of moto_server.
func runTools(ctx context.Context, _ []string) error {
	ready, err := tools.Ready(ctx, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Printf("%s%c%s\n", ready.Path(), os.PathListSeparator, filepath.Dir(ready.Moto))
	return nil
}
