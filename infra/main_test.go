package infra_test

import (
	"os"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) {
	processtest.Main(m, func() {
		if lifetest.Copied != "" {
			os.RemoveAll(lifetest.Copied)
		}
	})
}
