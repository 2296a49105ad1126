package main

import (
	"os"
	"testing"

	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Command(m, "diagram", main) }

func TestTheCommandLine(t *testing.T) {
	processtest.Scripts(t, "CHECKOUT="+module.Root(), "HOME="+os.Getenv("HOME"))
}
