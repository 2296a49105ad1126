package pages_test

import (
	"testing"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m, lifetest.RemoveShared) }
