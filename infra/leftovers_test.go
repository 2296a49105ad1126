package infra

import (
	"os"
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) {
	processtest.Main(m, func() {
		if copied != "" {
			os.RemoveAll(copied)
		}
	})
}
