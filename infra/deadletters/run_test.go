package main

import (
	"context"
	"io"
	"testing"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Command(m, "deadletters", main) }

func TestTheCommandLine(t *testing.T) { processtest.Scripts(t) }

// run runs the command in this process.
func run(ctx context.Context, args []string, out io.Writer) error {
	return deadletters().Execute(ctx, args, command.Streams{Out: out, Err: out})
}
