package secret

import (
	"bytes"
	"fmt"
	"net/http"
)

// lookAt is what stands between a function in a private subnet and Secrets Manager.
const lookAt = "look at the VPC endpoint of Secrets Manager, at port 443 from this function's security group " +
	"to the endpoint's, and at the endpoint's private DNS"

// refusal is an answer of the extension that is not 200.
type refusal struct {
	status    int
	exception string // what Secrets Manager called it, if it said
}

// mayPass says whether asking again may help: the extension answers 400 while it is overrun by cold starts, and
// 5xx when Secrets Manager did not answer it.
func (r refusal) mayPass() bool {
	return r.status == http.StatusBadRequest || r.status == http.StatusTooManyRequests || r.status >= 500
}

func (r refusal) Error() string {
	said := fmt.Sprintf("the extension answered %d", r.status)
	if r.exception != "" {
		return said + " " + r.exception + ": look at the function's role, the secret's policy and the key's"
	}
	return said + ": " + lookAt
}

// exception is the first word of the body that ends as the names of AWS's errors do. The rest of a body is no
// text of ours, and so is left out of errors.
func exception(body []byte) string {
	notLetter := func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }
	for _, word := range bytes.FieldsFunc(body, notLetter) {
		if len(word) <= 64 && bytes.HasSuffix(word, []byte("Exception")) && len(word) > len("Exception") {
			return string(word)
		}
	}
	return ""
}
