package sigv4

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	dateHeader         = "X-Amz-Date"
	payloadHeader      = "X-Amz-Content-Sha256"
	expiresParameter   = "X-Amz-Expires"
	signatureParameter = "X-Amz-Signature"
	dateFormat         = "20060102T150405Z"
	// skew is by how much the clocks may differ.
	skew = 15 * time.Minute
)

// Refusal is why a request is not served, by AWS's own code for it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
type Refusal struct{ Code, Message string }

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

var (
	errMissing  = &Refusal{"MissingAuthenticationToken", "the request is not signed with this local AWS's keys"}
	errUnknown  = &Refusal{"InvalidClientTokenId", "the access key id is not this local AWS's: it prints its keys when it starts"}
	errMismatch = &Refusal{"SignatureDoesNotMatch", "the signature is not one of this local AWS's secret access key"}
	errExpired  = &Refusal{"RequestExpired", "the request was signed at another time"}
)

// Verify returns a *Refusal unless a request with a body is signed with the keys, in its headers or in its address.
func (k Keys) Verify(r *http.Request, body []byte) error {
	if r.URL.Query().Has(signatureParameter) {
		return k.verifyPresigned(r)
	}
	return k.verify(r, body, time.Now())
}

func (k Keys) verify(r *http.Request, body []byte, now time.Time) error {
	a, ok := parse(r.Header.Get("Authorization"))
	if !ok {
		return errMissing
	}
	at, err := time.Parse(dateFormat, r.Header.Get(dateHeader))
	switch {
	case !same(a.key, k.ID):
		return errUnknown
	case err != nil || now.Sub(at).Abs() > skew:
		return errExpired
	}
	claimed := payload(r, body)
	if isHash(claimed) && !same(claimed, hash(body)) {
		return errMismatch
	}
	again := r.Clone(r.Context())
	again.Header = http.Header{}
	again.ContentLength = 0
	for _, name := range a.signed {
		if name == "content-length" {
			again.ContentLength = r.ContentLength
			continue
		}
		if values, ok := r.Header[http.CanonicalHeaderKey(name)]; ok {
			again.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	err = v4.NewSigner().SignHTTP(
		r.Context(), k.credentials(), again, claimed, a.scope.Service, a.scope.Region, at, a.scope.options)
	if err != nil {
		return errMismatch
	}
	if b, _ := parse(again.Header.Get("Authorization")); !same(a.signature, b.signature) {
		return errMismatch
	}
	return nil
}

// Resign signs a request that goes on to another host, for the scope that it was signed for.
func (k Keys) Resign(r *http.Request, body []byte) error {
	a, ok := parse(r.Header.Get("Authorization"))
	if !ok {
		return errMissing
	}
	return k.Sign(r, body, a.scope)
}

// authorization is what the header of that name says.
type authorization struct {
	key, signature string
	scope          Scope
	signed         []string // names of headers
}

// parse reads AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=host;..., Signature=...
func parse(header string) (a authorization, ok bool) {
	fields, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return a, false
	}
	for field := range strings.SplitSeq(fields, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(field), "="); name {
		case "Credential":
			a.key, a.scope, ok = credential(value)
		case "SignedHeaders":
			a.signed = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		}
	}
	return a, ok && a.signature != "" && slices.Contains(a.signed, "host")
}

func credential(value string) (key string, s Scope, ok bool) {
	parts := strings.Split(value, "/")
	if len(parts) != 5 || parts[4] != "aws4_request" {
		return "", s, false
	}
	return parts[0], Scope{parts[2], parts[3]}, true
}

// isHash reports whether the client has hashed the body, and not only declared that it is not signed, or signed in parts.
func isHash(text string) bool {
	return len(text) == len(hash(nil)) && strings.Trim(text, "0123456789abcdef") == ""
}

// same compares in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
