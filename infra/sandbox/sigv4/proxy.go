package sigv4

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// Proxy passes requests on to a local AWS, signed anew for its address. Whoever serves it verifies them first.
func (k Keys) Proxy(target *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		var body []byte
		if r.Out.Body != nil { // the proxy's way to say: empty
			var err error
			if body, err = io.ReadAll(r.Out.Body); err != nil {
				panic(http.ErrAbortHandler)
			}
			r.Out.Body = io.NopCloser(bytes.NewReader(body))
		}
		r.SetURL(target)
		r.Out.Host = target.Host
		if err := k.Resign(r.Out, body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}
}
