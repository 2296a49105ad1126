package wire

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// Protocol is a way to write requests and answers.
type Protocol string

// The protocols, by botocore's names.
const (
	Query    Protocol = "query"
	EC2      Protocol = "ec2"
	JSON     Protocol = "json"
	RESTJSON Protocol = "rest-json"
	RESTXML  Protocol = "rest-xml"
	CBOR     Protocol = "smithy-rpc-v2-cbor"
)

// Call is a request for an operation of a service.
type Call struct {
	Protocol  Protocol
	Service   *model.Service
	Operation *model.Operation // nil while the request names none that there is
	Input     map[string]any   // as model.Validate takes it
	Version   string           // of AWS JSON: 1.0 or 1.1
}

// String names what is called, such as sqs:SendMessage.
func (c *Call) String() string {
	name := "unknown service"
	if c.Service != nil {
		name = c.Service.Name
	}
	if c.Operation != nil {
		name += ":" + c.Operation.Name
	}
	return name
}

const formType = "application/x-www-form-urlencoded"

// Read makes a call of a request whose body was read. signed is the service that the request was signed for. A Refusal
// is returned together with the call as far as it was read; the error is ErrNoModel of package model where there is no
// model to read it by.
func Read(models *model.Models, signed string, r *http.Request, body []byte) (*Call, error) {
	reader := read{models: models, signed: signed, request: r, body: body, call: &Call{Input: map[string]any{}}}
	var err error
	switch {
	case strings.HasPrefix(r.URL.Path, cborPath) && r.Header.Get("Smithy-Protocol") != "":
		err = reader.cbor()
	case r.Header.Get("X-Amz-Target") != "":
		err = reader.json()
	case r.URL.Path == "/" && strings.HasPrefix(r.Header.Get("Content-Type"), formType), r.URL.Query().Has("Action"):
		err = reader.query()
	default:
		err = reader.rest()
	}
	return reader.call, err
}

// read is the reading of one request.
type read struct {
	models  *model.Models
	signed  string
	request *http.Request
	body    []byte
	call    *Call
}

// service finds the model of the service, of a version if one is given.
func (r *read) service(version string) error {
	for _, name := range r.models.Names(r.signed) {
		service, err := r.models.Service(name, version)
		if errors.Is(err, model.ErrNoModel) {
			continue
		}
		r.call.Service = service
		return err
	}
	return fmt.Errorf("%w: %q %s", model.ErrNoModel, r.signed, version)
}

// operation finds an operation by its name.
func (r *read) operation(name string) bool {
	r.call.Operation = r.call.Service.Operations[name]
	return r.call.Operation != nil
}

// speaks reports whether the service has a protocol.
func (r *read) speaks(protocol Protocol) bool {
	meta := r.call.Service.Metadata
	return meta.Protocol == string(protocol) || slices.Contains(meta.Protocols, string(protocol))
}
