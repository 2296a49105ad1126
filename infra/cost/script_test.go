package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"scheduled-messages/infra/sandbox/process/processtest"
)

// TestMain lets the scripts of the tests run the command.
func TestMain(m *testing.M) {
	testscript.Main(processtest.Checked{Tests: m}, map[string]func(){"cost": main})
}

func TestTheCommandLine(t *testing.T) {
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(script *testscript.Env) error {
		script.Setenv("CHECKOUT", checkout)
		script.Setenv("HOME", os.Getenv("HOME")) // of the Go command
		return processtest.Mark(script)
	}})
}
