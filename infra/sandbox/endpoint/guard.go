package endpoint

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/wire"
	"scheduled-messages/infra/sandbox/sigv4"
)

// guard serves whoever signs with the keys, and nobody else: this AWS runs code as the user who started it, and every user
// of the machine reaches its port, as does every web page in a browser on it. A page comes by a name that leads here, or
// with headers that browsers alone send.
func guard(keys sigv4.Keys, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusal := fromElsewhere(r); refusal != nil {
			refuseAccess(w, r, refusal)
			return
		}
		body, ok := takeBody(w, r)
		if !ok {
			return
		}
		if refusal := keys.Verify(r, body); refusal != nil {
			refuseAccess(w, r, refusal)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fromElsewhere refuses a request that came by a name or from a web page.
func fromElsewhere(r *http.Request) error {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	switch {
	case local == nil || r.Host != local.String():
		return &sigv4.Refusal{Code: "AccessDenied", Message: "this local AWS answers at its own address only, not as " + r.Host}
	case r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "":
		return &sigv4.Refusal{Code: "AccessDenied", Message: "this local AWS answers no web page"}
	}
	return nil
}

// exceptions are what protocols in JSON call the refusals of those in XML.
// https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
var exceptions = map[string]string{
	"AccessDenied": "AccessDeniedException", "MissingAuthenticationToken": "MissingAuthenticationTokenException",
	"InvalidClientTokenId": "UnrecognizedClientException", "SignatureDoesNotMatch": "InvalidSignatureException",
	"RequestExpired": "RequestExpired",
}

// refuseAccess answers 403 in the protocol that the request seems to be in.
func refuseAccess(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := errors.AsType[*sigv4.Refusal](err)
	if !ok {
		refusal = &sigv4.Refusal{Code: "AccessDenied", Message: err.Error()}
	}
	forbidden := &wire.Refusal{Status: http.StatusForbidden, Code: refusal.Code, Message: refusal.Message}
	_, service := scope(r)
	call := &wire.Call{}
	switch content := r.Header.Get("Content-Type"); {
	case service == "ec2":
		call.Protocol = wire.EC2
	case strings.HasPrefix(content, "application/x-www-form-urlencoded"):
		call.Protocol = wire.Query
	case r.Header.Get("Smithy-Protocol") != "":
		call.Protocol, forbidden.Code = wire.CBOR, exceptions[forbidden.Code]
	case r.Header.Get("X-Amz-Target") != "":
		call.Protocol, call.Version, forbidden.Code = wire.JSON, "1.0", exceptions[forbidden.Code]
		if _, version, ok := strings.Cut(content, "x-amz-json-"); ok {
			call.Version = version
		}
	default:
		call.Protocol, forbidden.Code = wire.RESTJSON, exceptions[forbidden.Code]
	}
	call.Answer(w, forbidden)
}
