package main

import (
	"context"
	"io"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/process/processtest"
)

// TestMain lets the scripts of the tests run the command.
func TestMain(m *testing.M) {
	testscript.Main(processtest.Checked{Tests: m}, map[string]func(){"deadletters": main})
}

func TestTheCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: processtest.Mark})
}

// run runs the command in this process.
func run(ctx context.Context, args []string, out io.Writer) error {
	return deadletters().Execute(ctx, args, command.Streams{Out: out, Err: out})
}
