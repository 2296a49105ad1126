package endpoint

import (
	"net/http"
	"strings"
)

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
