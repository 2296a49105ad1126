package endpoint

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/sigv4"
)

// TestNobodyWithoutTheKeysIsServed has one endpoint with a function, and tries what another user of the machine, or a web
// page in a browser on it, can try.
func TestNobodyWithoutTheKeysIsServed(t *testing.T) {
	invoked := 0
	plane := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { invoked++ })
	_, back := server(t, plane)
	e := start(t, Options{Functions: back.URL.String()})
	owner := &client{t, e.URL(), e.Keys()}
	owner.function("mine", zipped(t, "code"), nil)
	creation := fmt.Sprintf(`{"FunctionName": "theirs", "Role": %q, "Runtime": "provided.al2023", "Handler": "bootstrap", "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}`,
		owner.role("theirs"))
	for name, keys := range map[string]sigv4.Keys{
		"dummy keys": {ID: "test", Secret: "test"}, "others' keys": sigv4.New(), "the id alone": {ID: e.Keys().ID, Secret: "guess"},
	} {
		stranger := &client{t, e.URL(), keys}
		for _, try := range []struct{ service, method, path, body string }{
			{"lambda", http.MethodPost, lambdaPath, creation},
			{"lambda", http.MethodPost, lambdaPath + "/mine/invocations", "{}"},
			{"lambda", http.MethodGet, codePath + "us-east-1/mine", ""},
			{"", http.MethodPost, "/moto-api/reset", ""},
		} {
			status, answer := stranger.do(try.service, try.method, try.path, http.Header{"Content-Type": {"application/json"}}, try.body)
			if status != http.StatusForbidden || !strings.Contains(answer, `"Message":`) {
				t.Errorf("%s: %s: %d %s", name, try.path, status, answer)
			}
		}
	}
	for header, value := range map[string]string{"Origin": "https://attacker.example", "Sec-Fetch-Site": "cross-site"} {
		status, answer := owner.do("lambda", http.MethodPost, lambdaPath+"/mine/invocations", http.Header{header: {value}}, "{}")
		if status != http.StatusForbidden || !strings.Contains(answer, "no web page") {
			t.Errorf("with %s: %d %s", header, status, answer)
		}
	}
	for _, host := range []string{"rebound.attacker.example", "localhost" + e.URL()[strings.LastIndexByte(e.URL(), ':'):]} {
		if status, answer := asHost(owner, host); status != http.StatusForbidden || !strings.Contains(answer, "at its own address only") {
			t.Errorf("as %s: %d %s", host, status, answer)
		}
	}
	if invoked != 0 || len(owner.rest(http.MethodGet, lambdaPath+"/", nil)["Functions"].([]any)) != 1 {
		t.Errorf("%d invocations, functions %v", invoked, owner.rest(http.MethodGet, lambdaPath+"/", nil))
	}
	if owner.ok("lambda", http.MethodPost, lambdaPath+"/mine/invocations", nil, "{}"); invoked != 1 {
		t.Error("the owner's invocation does not come through")
	}
	motoIsReachedByNobodyElse(t, e)
}

// asHost signs and sends an invocation under another host's name.
func asHost(c *client, host string) (status int, answer string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+lambdaPath+"/mine/invocations", strings.NewReader("{}"))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Host = host
	return c.send("lambda", request, "{}")
}
