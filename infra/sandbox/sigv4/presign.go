package sigv4

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// unsentPayload is what a signature in an address has of the body.
func (s Scope) unsentPayload() string {
	if s.Service == "s3" {
		return "UNSIGNED-PAYLOAD"
	}
	return hash(nil)
}

// Presign is a URL that whoever has it may get for some time.
func (k Keys) Presign(ctx context.Context, address string, s Scope, valid time.Duration) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	r.URL.RawQuery = url.Values{expiresParameter: {strconv.Itoa(int(valid / time.Second))}}.Encode()
	signed, _, err := v4.NewSigner().PresignHTTP(
		ctx, k.credentials(), r, s.unsentPayload(), s.Service, s.Region, time.Now(), s.options)
	return signed, err
}

// verifyPresigned is Verify for a signature in the address, as Presign makes it: of a GET without more headers.
func (k Keys) verifyPresigned(r *http.Request) error {
	query := r.URL.Query()
	key, scope, ok := credential(query.Get("X-Amz-Credential"))
	at, err := time.Parse(dateFormat, query.Get(dateHeader))
	valid, bad := strconv.Atoi(query.Get(expiresParameter))
	switch {
	case !ok || r.Method != http.MethodGet:
		return errMissing
	case !same(key, k.ID):
		return errUnknown
	case err != nil || bad != nil || at.After(time.Now().Add(skew)) || time.Now().After(at.Add(time.Duration(valid)*time.Second)):
		return errExpired
	}
	signature := query.Get(signatureParameter)
	query.Del(signatureParameter)
	again := &http.Request{Method: r.Method, Host: r.Host, Header: http.Header{}, URL: &url.URL{
		Scheme: "http", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: query.Encode()}}
	signed, _, err := v4.NewSigner().PresignHTTP(
		r.Context(), k.credentials(), again, scope.unsentPayload(), scope.Service, scope.Region, at, scope.options)
	if err != nil {
		return errMismatch
	}
	if u, err := url.Parse(signed); err != nil || !same(u.Query().Get(signatureParameter), signature) {
		return errMismatch
	}
	return nil
}
