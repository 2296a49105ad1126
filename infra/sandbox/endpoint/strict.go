package endpoint

import (
	"log"
	"net/http"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/verifier"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// unsigned is AWS's answer to a request that no service can be found for.
var unsigned = wire.Refusal{
	Status:  http.StatusForbidden,
	Code:    "MissingAuthenticationTokenException",
	Message: "Missing Authentication Token",
}

// signed is scope for requests that are signed in their address, too.
func signed(r *http.Request) (region, service string) {
	if credential := r.URL.Query().Get("X-Amz-Credential"); credential != "" {
		return scope(&http.Request{Header: http.Header{"Authorization": {"Credential=" + credential}}})
	}
	return scope(r)
}

// strict refuses what AWS refuses, before anything else sees it. What is no request for AWS passes: moto's own pages, and
// the functions' code.
func strict(v *verifier.Verifier, there state, known *asked, logger *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/moto-api/") || strings.HasPrefix(r.URL.Path, codePath) {
			next.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == AskedPath {
			known.ServeHTTP(w, r)
			return
		}
		body, ok := takeBody(w, r)
		if !ok {
			return
		}
		region, service := signed(r)
		if service == "" {
			(&wire.Call{}).Answer(w, &unsigned)
			return
		}
		call, refusal := v.Verify(service, r, body)
		if refusal == nil {
			var err error
			if refusal, err = there.refuse(r.Context(), region, call); err != nil {
				logger.Printf("%s: %v", call, err)
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
		}
		if refusal != nil {
			logger.Printf("%s: refused: %v", call, refusal)
			call.Answer(w, refusal)
			return
		}
		logger.Print(call)
		known.add(r.UserAgent(), region, call)
		next.ServeHTTP(w, r.WithContext(withCall(r.Context(), call)))
	})
}
