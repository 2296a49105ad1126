package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/tools"
)

// toolsCommand makes the tools ready and prints the folders to put on PATH: Pulumi's, those of its plugins that were built, and
// the one of moto_server.
func toolsCommand() *command.Command {
	return &command.Command{
		Name: "tools", Summary: "Makes the tools ready, and prints the folders to put on PATH",
		Run: func(ctx context.Context, s command.Streams, _ []string) error {
			ready, err := tools.Ready(ctx, s.Err)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.Out, "%s%c%s\n", ready.Path(), os.PathListSeparator, filepath.Dir(ready.Moto))
			return err
		},
	}
}
