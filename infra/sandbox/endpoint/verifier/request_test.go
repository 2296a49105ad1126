package verifier

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"scheduled-messages/infra/sandbox/endpoint/model/modeltest"
)

// request is one as a client sends it, signed for a service.
type request struct {
	service string
	http    *http.Request
}

func sent(service, method, path, content, body string, header ...string) request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if content != "" {
		r.Header.Set("Content-Type", content)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return request{service, r}
}

// form is of the query protocol; pairs are a parameter and its value by turns.
func form(service, version, action string, pairs ...string) request {
	values := url.Values{"Action": {action}, "Version": {version}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return sent(service, http.MethodPost, "/", "application/x-www-form-urlencoded; charset=utf-8", values.Encode())
}

// target is of AWS JSON.
func target(service, operation, body string) request {
	return sent(service, http.MethodPost, "/", "application/x-amz-json-1.1", body, "X-Amz-Target", operation)
}

// rest is of REST JSON.
func rest(service, method, path, body string) request {
	return sent(service, method, path, "application/json", body)
}

// metrics is of smithy RPC v2 CBOR.
func metrics(operation string, input map[string]any) request {
	body, err := cbor.Marshal(input)
	if err != nil {
		panic(err)
	}
	return sent("monitoring", http.MethodPost, "/service/GraniteServiceVersion20100801/operation/"+operation, "application/cbor", string(body),
		"Smithy-Protocol", "rpc-v2-cbor")
}

// newVerifier verifies by the models that come with the installed moto.
func newVerifier(t *testing.T) *Verifier {
	t.Helper()
	return New(modeltest.Installed(t))
}

// answer is what a client gets: empty when the request passes.
func (r request) answer(t *testing.T, v *Verifier) *httptest.ResponseRecorder {
	t.Helper()
	body, err := io.ReadAll(r.http.Body)
	if err != nil {
		t.Fatal(err)
	}
	call, refusal := v.Verify(r.service, r.http, body)
	if refusal == nil {
		return nil
	}
	w := httptest.NewRecorder()
	call.Answer(w, refusal)
	return w
}
