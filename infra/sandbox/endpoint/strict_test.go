package endpoint

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhatAWSRefusesNeverReachesMoto runs against a real moto, which would accept each of the requests.
func TestWhatAWSRefusesNeverReachesMoto(t *testing.T) {
	e := start(t, Options{})
	c := &client{t, e.URL()}
	status, answer := c.do("iam", http.MethodPost, "/", isForm, formOf("iam", "CreateRole", "RoleName", "two words", "AssumeRolePolicyDocument", "{}"))
	if status != http.StatusBadRequest || !strings.Contains(answer, "<Code>ValidationError</Code>") {
		t.Errorf("%d %s", status, answer)
	}
	if answer := c.form("iam", "ListRoles"); strings.Contains(answer, "two words") {
		t.Errorf("moto made it: %s", answer)
	}
	if status, answer := c.do("", http.MethodPost, "/", isForm, formOf("iam", "ListRoles")); status != http.StatusForbidden {
		t.Errorf("signed for no service: %d %s", status, answer)
	}
	if status, answer := c.do("", http.MethodPost, "/moto-api/reset", nil, ""); status != http.StatusOK {
		t.Errorf("moto's own pages: %d %s", status, answer)
	}
}
