package endpoint

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"scheduled-messages/infra/sandbox/sigv4"
)

// functions keep what moto forgets of Lambda functions, by region and name.
type functions struct {
	keys sigv4.Keys // that the addresses of code are signed with
	mu   sync.Mutex
	kept map[string]*function
}

// function is what is kept of one.
type function struct {
	zip     []byte // as it was uploaded
	layers  []any
	logging map[string]any
	vpc     string // the id of the VPC that its subnets are in
}

func newFunctions(keys sigv4.Keys) *functions {
	return &functions{keys: keys, kept: map[string]*function{}}
}

// change runs on what is kept of a function, which may be nothing yet.
func (f *functions) change(region, name string, by func(*function)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept[region+"/"+name] == nil {
		f.kept[region+"/"+name] = &function{}
	}
	by(f.kept[region+"/"+name])
}

// forgetting forgets a function when moto deletes it, and all when moto is reset.
func forgetting(f *functions, next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil || response.StatusCode >= 300 {
			return response, err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Method == http.MethodPost && r.URL.Path == "/moto-api/reset" {
			clear(f.kept)
		}
		if name, rest, ok := operation(r); ok && r.Method == http.MethodDelete && rest == "" {
			region, _ := scope(r)
			delete(f.kept, region+"/"+name)
		}
		return response, nil
	})
}

// operation is a request of Lambda's API on functions: the function (empty when it is on all, or a creation), and the
// rest of the path, such as configuration.
func operation(r *http.Request) (name, rest string, ok bool) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), "/2015-03-31/functions")
	name, rest, _ = strings.Cut(strings.Trim(path, "/"), "/")
	if unescaped, err := url.PathUnescape(name); err == nil {
		name = unescaped
	}
	return functionName(name), rest, ok
}

// functionName is the name in what AWS takes for one: a name or an ARN, whole or from the account on, with or without
// a qualifier.
func functionName(name string) string {
	if _, after, ok := strings.Cut(name, "function:"); ok {
		name = after
	}
	name, _, _ = strings.Cut(name, ":")
	return name
}
