package processtest

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Command is Main for a command whose scripts run it by its name.
func Command(m *testing.M, name string, main func()) {
	testscript.Main(Checked{Tests: m}, map[string]func(){name: main})
}

// Scripts runs the scripts in the folder testdata, in which the variables are set, each NAME=VALUE.
func Scripts(t *testing.T, variables ...string) {
	t.Helper()
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(script *testscript.Env) error {
		script.Vars = append(script.Vars, variables...)
		return Mark(script)
	}})
}
