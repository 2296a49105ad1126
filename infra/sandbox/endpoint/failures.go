package endpoint

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log"
	"net/http"
	"regexp"
	"sync"

	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// maxFailures is how often moto may fail at the same request one time after the other. AWS's SDKs send it again whenever they
// get a status of 500 or more, the provider's 25 times, which takes many minutes; but what makes moto fail is an error in a
// program, and few of them come from two requests at the same time.
const maxFailures = 4

// failure is that this local AWS cannot do what AWS would, and that trying again is in vain.
type failure struct{ reason string }

func (f *failure) Error() string { return f.reason }

// failures turns moto's repeated failures at a request into one.
func failures(logger *log.Logger, next http.RoundTripper) http.RoundTripper {
	var mu sync.Mutex
	counts := map[[sha256.Size]byte]int{}
	return trip(func(r *http.Request) (*http.Response, error) {
		body, err := readAll(r.Body)
		if err != nil {
			return nil, err
		}
		setRequestBody(r, body)
		region, service := scope(r)
		target := r.Header.Get("X-Amz-Target")
		request := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %s\n%s", r.Method, r.URL, region, service, target, body))
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if response.StatusCode < http.StatusInternalServerError {
			delete(counts, request)
			return response, nil
		}
		answer, err := readAll(response.Body)
		if err != nil {
			return nil, err
		}
		setResponseBody(response, answer)
		if counts[request]++; counts[request] < maxFailures {
			return response, nil
		}
		logger.Printf("moto: %s: %s", response.Status, answer)
		return nil, &failure{fmt.Sprintf("moto failed %d times at the same request: %s: %s",
			counts[request], response.Status, plain(answer))}
	})
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plain is the text of an answer, which may be a page, on one line.
func plain(answer []byte) []byte {
	const most = 300
	text := bytes.Join(bytes.Fields(tags.ReplaceAll(answer, nil)), []byte(" "))
	return text[:min(len(text), most)]
}

// callKey is the key of a request's call in its context.
type callKey struct{}

func withCall(ctx context.Context, call *wire.Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// answerFailure answers a request that could not be passed on: with a status that no SDK tries again after if there is no use
// in it, else with one that it does.
func answerFailure(logger *log.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		logger.Printf("%s: %v", r.URL.Path, err)
		call, _ := r.Context().Value(callKey{}).(*wire.Call)
		failed, ok := errors.AsType[*failure](err)
		if call == nil || !ok {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		call.Answer(w, &wire.Refusal{Status: http.StatusBadRequest, Code: "LocalFailure", Message: failed.reason})
	}
}
