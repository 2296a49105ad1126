package endpoint

import (
	"bytes"
	"net/http"
	"regexp"
)

// emptyScaling is the scaling of an Aurora Serverless v1 cluster, which AWS shows for no other cluster. moto answers
// this one for every cluster, and the provider takes its presence for a change to make.
var emptyScaling = []byte("<ScalingConfigurationInfo/>")

// addresses are where an answer of RDS tells the address of a cluster, a proxy (Endpoint) or an instance (Address).
var addresses = regexp.MustCompile(`<(Endpoint|ReaderEndpoint|Address)>[^<]+</`)

// database tells where databases are: at host, unless it is empty.
func database(host string, next http.RoundTripper) http.RoundTripper {
	told := []byte("<$1>" + host + "</")
	return trip(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		if _, service := scope(r); service != "rds" {
			return response, nil
		}
		body, err := readAll(response.Body)
		body = bytes.ReplaceAll(body, emptyScaling, nil)
		if host != "" {
			body = addresses.ReplaceAll(body, told)
		}
		setResponseBody(response, body)
		return response, err
	})
}
