package endpoint

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"

	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/socket"
)

// front passes every request on to moto, through the parts that moto lacks.
func front(
	keys sigv4.Keys, moto socket.Upstream, functions *socket.Upstream, databases Databases, logger *log.Logger,
) http.Handler {
	kept := newFunctions(keys)
	mux := http.NewServeMux()
	mux.Handle("/", &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(moto.URL)
			r.Out.URL.RawQuery = r.In.URL.RawQuery // the proxy drops what Go cannot parse
			r.Out.Host = r.In.Host                 // moto builds its URLs (SQS queues) from it
		},
		Transport: failures(logger, cloudWatch(database(databases, logger, subnetGroups(ruleDescriptions(launchTemplates(scheduling(
			code(kept, configuration(kept, invokeConfigs(secrets(extensionLayers(forgetting(kept, moto.Transport))))))))))))),
		ErrorHandler: answerFailure(logger),
		ErrorLog:     logger,
	})
	mux.HandleFunc("GET "+codePath+"{region}/{name}", kept.serveCode)
	if functions != nil {
		mux.Handle("POST /2015-03-31/functions/{name}/invocations", invoke(*functions, logger))
	}
	return mux
}

// trip is one exchange with moto; each part wraps the next.
type trip func(*http.Request) (*http.Response, error)

// RoundTrip calls t.
func (t trip) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// scope is what the request was signed for; moto itself finds the service by it.
// The header reads: AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=...
func scope(r *http.Request) (region, service string) {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(credential, "/")
	if len(parts) != 5 {
		return "", ""
	}
	return parts[2], parts[3]
}

// form is the request's form, of the protocol of EC2 and RDS; nil if it is no form. The body stays readable.
func form(r *http.Request) (url.Values, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil, nil
	}
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	setRequestBody(r, body)
	return url.ParseQuery(string(body))
}

// ask sends moto a form in the name of the one who sent r.
func ask(next http.RoundTripper, r *http.Request, form url.Values) (*http.Response, []byte, error) {
	asked := r.Clone(r.Context())
	setRequestBody(asked, []byte(form.Encode()))
	response, err := next.RoundTrip(asked)
	if err != nil {
		return nil, nil, err
	}
	body, err := readAll(response.Body)
	setResponseBody(response, body)
	return response, body, err
}

func readAll(body io.ReadCloser) ([]byte, error) {
	if body == nil { // the proxy's way to say: empty
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}

// takeBody reads a request's body and puts it back. It answers a request whose body cannot be read, and then ok is false.
func takeBody(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := readAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, false
	}
	setRequestBody(r, body)
	return body, true
}

func setRequestBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func setResponseBody(r *http.Response, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
}
