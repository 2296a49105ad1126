package main

import (
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Command(m, "recover", main) }

func TestTheCommandLine(t *testing.T) { processtest.Scripts(t) }
