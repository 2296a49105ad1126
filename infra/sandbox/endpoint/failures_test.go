package endpoint

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// TestARequestThatMotoFailsAtEndsWithTheReason has a moto that fails at all requests but one.
func TestARequestThatMotoFailsAtEndsWithTheReason(t *testing.T) {
	failing := trip(func(r *http.Request) (*http.Response, error) {
		answer := httptest.NewRecorder()
		if r.URL.Path == "/works" {
			return answer.Result(), nil
		}
		answer.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(answer, "<html><p>The config profile (nobody)\ncould not be found</p></html>")
		return answer.Result(), nil
	})
	logger := log.New(io.Discard, "", 0)
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: "moto"}) },
		Transport:    failures(logger, failing),
		ErrorHandler: answerFailure(logger),
	}
	call := &wire.Call{Protocol: wire.JSON, Version: "1.0"}
	ask := func(path, body string) *httptest.ResponseRecorder {
		answer, request := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		proxy.ServeHTTP(answer, request.WithContext(withCall(request.Context(), call)))
		return answer
	}
	for i := 1; i < maxFailures; i++ {
		if got := ask("/", "a"); got.Code != http.StatusInternalServerError { // which an SDK tries again after
			t.Errorf("failure %d is answered with %d", i, got.Code)
		}
		if got := ask("/works", "a"); got.Code != http.StatusOK {
			t.Errorf("what works is answered with %d", got.Code)
		}
	}
	if got := ask("/", "b"); got.Code != http.StatusInternalServerError {
		t.Errorf("another request's first failure is answered with %d", got.Code)
	}
	got := ask("/", "a")
	if got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), "The config profile (nobody) could not be found") ||
		!strings.Contains(got.Body.String(), `"__type":"LocalFailure"`) {
		t.Errorf("the last failure is answered with %d %s", got.Code, got.Body)
	}
}
