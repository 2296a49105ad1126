package main

import (
	"os"
	"path/filepath"
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Command(m, "cost", main) }

func TestTheCommandLine(t *testing.T) {
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	processtest.Scripts(t, "CHECKOUT="+checkout, "HOME="+os.Getenv("HOME")) // the Go command's
}
