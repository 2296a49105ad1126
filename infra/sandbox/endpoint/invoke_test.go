package endpoint

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/socket"
)

// server serves on a free port.
func server(t *testing.T, h http.Handler) (*httptest.Server, socket.Upstream) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, err := socket.UpstreamAt(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s, u
}

// served is a front before a moto and a data plane of the test's.
func served(t *testing.T, moto, functions http.Handler) (*client, *httptest.Server) {
	t.Helper()
	_, back := server(t, moto)
	plane, to := server(t, functions)
	keys := sigv4.New()
	s, _ := server(t, front(keys, back, &to, nil, log.New(io.Discard, "", 0)))
	return &client{t, s.URL, keys}, plane
}

func TestAnInvocationGoesToTheDataPlaneAsItIs(t *testing.T) {
	var got *http.Request
	var body string
	moto := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Errorf("moto got %s", r.URL) })
	c, _ := served(t, moto, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		got, body = r, string(content)
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		w.WriteHeader(http.StatusAccepted)
	}))
	const path = lambdaPath + "/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Asender/invocations?Qualifier=%24LATEST"
	status, _ := c.do("lambda", http.MethodPost, path, http.Header{"X-Amz-Invocation-Type": {"Event"}, "X-Amz-Client-Context": {"e30="}}, `{"id":"1"}`)
	if status != http.StatusAccepted {
		t.Errorf("status %d", status)
	}
	if got.RequestURI != path || got.Method != http.MethodPost || body != `{"id":"1"}` {
		t.Errorf("%s %s %s", got.Method, got.RequestURI, body)
	}
	if got.Header.Get("X-Amz-Invocation-Type") != "Event" || got.Header.Get("X-Amz-Client-Context") != "e30=" ||
		!strings.Contains(got.Header.Get("Authorization"), "/lambda/") {
		t.Errorf("headers %v", got.Header)
	}
}

func TestAnInvocationIsToBeTriedAgainWhileTheDataPlaneIsAway(t *testing.T) {
	moto := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Errorf("moto got %s", r.URL) })
	c, plane := served(t, moto, http.NotFoundHandler())
	plane.Close()
	status, answer := c.do("lambda", http.MethodPost, lambdaPath+"/sender/invocations", nil, "{}")
	if status != http.StatusServiceUnavailable || !strings.Contains(answer, "Message") {
		t.Errorf("%d %s", status, answer)
	}
}

func TestOtherRequestsOfLambdaGoToMoto(t *testing.T) {
	var paths []string
	moto := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { paths = append(paths, r.RequestURI) })
	c, _ := served(t, moto, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Errorf("the data plane got %s", r.URL) }))
	asked := []string{"/2019-09-25/functions/sender/event-invoke-config", lambdaPath + "/sender/policy", lambdaPath + "/sender?Qualifier=x;y"}
	for _, path := range asked {
		c.do("lambda", http.MethodGet, path, nil, "")
	}
	if strings.Join(paths, " ") != strings.Join(asked, " ") {
		t.Errorf("%q, not %q", paths, asked)
	}
}
