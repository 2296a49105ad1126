package stackoutputs_test

import (
	"strings"
	"testing"

	"scheduled-messages/infra/internal/stackoutputs"
)

func TestWithoutPulumiTheErrorNamesTheFileThatDoes(t *testing.T) {
	t.Setenv("PATH", "")
	_, err := stackoutputs.Read(t.Context(), "", "")
	if err == nil || !strings.Contains(err.Error(), `"pulumi": executable file not found`) || !strings.Contains(err.Error(), "-outputs") {
		t.Errorf("%v", err)
	}
}
