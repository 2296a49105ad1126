package endpoint

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

func TestWhatWasAskedIsForgottenOnceItIsDeleted(t *testing.T) {
	known := newAsked()
	known.needs[authorization.Need{Action: "sqs:CreateQueue", Resource: "*"}] = true
	answer := func(method string) string {
		w := httptest.NewRecorder()
		known.ServeHTTP(w, httptest.NewRequest(method, AskedPath, nil))
		return strings.TrimSpace(w.Body.String())
	}
	const one = `[{"Action":"sqs:CreateQueue","Resource":"*"}]`
	if got := answer(http.MethodGet); got != one {
		t.Errorf("it asked for %s", got)
	}
	if got := answer(http.MethodDelete); got != one {
		t.Errorf("the last answer is %s", got)
	}
	if got := answer(http.MethodGet); got != "[]" {
		t.Errorf("it has kept %s", got)
	}
}
