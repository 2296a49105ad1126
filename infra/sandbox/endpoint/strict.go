package endpoint

import (
	"log"
	"net/http"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/judge"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// strict refuses what AWS refuses, before anything else sees it. What is no request for AWS passes: moto's own pages, and
// the functions' code.
func strict(j *judge.Judge, logger *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/moto-api/") || strings.HasPrefix(r.URL.Path, codePath) {
			next.ServeHTTP(w, r)
			return
		}
		body, err := readAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		setRequestBody(r, body)
		_, service := scope(r)
		if service == "" {
			(&wire.Call{}).Answer(w, &wire.Refusal{Status: http.StatusForbidden, Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token"})
			return
		}
		call, refusal := j.Judge(service, r, body)
		if refusal != nil {
			logger.Printf("%s: refused: %v", call, refusal)
			call.Answer(w, refusal)
			return
		}
		logger.Print(call)
		next.ServeHTTP(w, r)
	})
}
