package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"scheduled-messages/infra/sandbox/process/processtest"
)

// TestMain lets the scripts of the tests run the command.
func TestMain(m *testing.M) {
	testscript.Main(processtest.Checked{Tests: m}, map[string]func(){"recover": main})
}

func TestTheCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: processtest.Mark})
}
