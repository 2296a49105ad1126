package stackoutputs_test

import (
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }
