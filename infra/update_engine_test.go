package infra_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
)

// updates are settings that change a living stack in place, each by other calls to AWS.
var updates = []string{
	"maxCapacity=8", "proxyMaxConnectionsPercent=50", "maxRetries=1", "alarmEmail=others@example.com", "logRetentionDays=30",
}

// changeInPlace changes settings, and gives one function other code. The next up does it.
func changeInPlace(t *testing.T, e *lifetest.Engine) {
	t.Helper()
	arguments := []string{"config", "set-all"}
	for _, setting := range updates {
		arguments = append(arguments, "--plaintext", setting)
	}
	e.Pulumi(arguments...)
	state := e.Pulumi("stack", "export")
	hash := regexp.MustCompile(`"sourceCodeHash": "([^"]+)"`).FindStringSubmatch(state)
	if hash == nil {
		t.Fatal("no function's code shows in the state")
	}
	file := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(state, hash[1], "of-an-earlier-release")), 0o600); err != nil {
		t.Fatal(err)
	}
	e.Pulumi("stack", "import", "--file", file)
}
