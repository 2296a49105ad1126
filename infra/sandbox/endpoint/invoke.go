package endpoint

import (
	"log"
	"net/http"
	"net/http/httputil"
	"strings"

	"scheduled-messages/infra/sandbox/socket"
)

// invoke passes Lambda's Invoke requests on to the data plane as they are. While it does not answer, a client gets
// an answer that an AWS SDK tries again after.
func invoke(functions socket.Upstream, logger *log.Logger) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(functions.URL)
			r.Out.URL.RawQuery = r.In.URL.RawQuery
			r.Out.Host = r.In.Host
		},
		Transport: functions.Transport,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			logger.Printf("%s: %v", r.URL.Path, err)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Amzn-Errortype", "ServiceException")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"Type":"Service","Message":"the sandbox runs no functions now"}`))
		},
		ErrorLog: logger,
	}
}

// invokeConfigs lets a function's configuration for asynchronous invocations be put again. moto keeps the first one
// that was put until it is deleted.
func invokeConfigs(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/event-invoke-config") {
			return next.RoundTrip(r)
		}
		body, err := readAll(r.Body)
		if err != nil {
			return nil, err
		}
		setRequestBody(r, body)
		response, err := next.RoundTrip(r)
		if err != nil || response.StatusCode >= 300 { // refused: the old one stays
			return response, err
		}
		response.Body.Close()
		remove := r.Clone(r.Context())
		remove.Method = http.MethodDelete
		setRequestBody(remove, nil)
		if response, err = next.RoundTrip(remove); err != nil || response.StatusCode >= 300 {
			return response, err
		}
		response.Body.Close()
		setRequestBody(r, body)
		return next.RoundTrip(r)
	})
}
