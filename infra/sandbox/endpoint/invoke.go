package endpoint

import (
	"log"
	"net/http"
	"net/http/httputil"

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
