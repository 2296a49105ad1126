package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts of the tests run the command.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"webhookkeys": main}) }

func TestTheCommandLine(t *testing.T) { testscript.Run(t, testscript.Params{Dir: "testdata"}) }
