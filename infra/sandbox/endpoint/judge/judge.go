// Package judge refuses what AWS refuses. A request is read as its service reads it and held against the service's own
// model.
package judge

import (
	"errors"
	"net/http"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// Judge refuses requests. It is safe for concurrent use.
type Judge struct{ models *model.Models }

// New makes a judge by the service models in a data folder of botocore's.
func New(folder string) (*Judge, error) {
	models, err := model.Open(folder)
	if err != nil {
		return nil, err
	}
	return &Judge{models}, nil
}

// Judge reads a request, whose body is given, and says why AWS refuses it: nil if it does not. signed is the service that
// the request was signed for.
func (j *Judge) Judge(signed string, r *http.Request, body []byte) (*wire.Call, *wire.Refusal) {
	call, err := wire.Read(j.models, signed, r, body)
	if refusal, ok := errors.AsType[*wire.Refusal](err); ok {
		return call, refusal
	}
	if err != nil {
		return call, &wire.Refusal{Code: "UnknownOperationException", Message: "this local AWS cannot read the request: " + err.Error()}
	}
	if problems := model.Validate(call.Operation.Input, call.Input); len(problems) > 0 {
		return call, refusalOf(call, problems)
	}
	return call, nil
}
