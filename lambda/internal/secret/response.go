package secret

import (
	"bytes"
	"fmt"
	"net/http"
)

// networkHint names what is between a function in a private subnet and Secrets Manager.
const networkHint = "check the VPC endpoint of Secrets Manager, at port 443 from this function's security group " +
	"to the endpoint's, and at the endpoint's private DNS"

// responseError is an answer of the extension that is not 200.
type responseError struct {
	status    int
	exception string // the name of Secrets Manager's error, if the body holds one
}

// retryable reports whether asking again may help: the extension answers 400 while it is overrun by cold starts, and
// 5xx when Secrets Manager did not answer it.
func (r responseError) retryable() bool {
	return r.status == http.StatusBadRequest || r.status == http.StatusTooManyRequests || r.status >= 500
}

func (r responseError) Error() string {
	text := fmt.Sprintf("the extension answered %d", r.status)
	if r.exception != "" {
		return text + " " + r.exception + ": check the function's role, the secret's policy and the key's"
	}
	return text + ": " + networkHint
}

// exception is the first word of the body that ends as the names of AWS's errors do. The rest of a body is not our text, and so
// is left out of errors.
func exception(body []byte) string {
	notLetter := func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }
	for _, word := range bytes.FieldsFunc(body, notLetter) {
		if len(word) <= 64 && bytes.HasSuffix(word, []byte("Exception")) && len(word) > len("Exception") {
			return string(word)
		}
	}
	return ""
}
