// Package verifier refuses what AWS refuses. A request is read as its service reads it and held against the service's own
// model, and then against a table of what only AWS's documentation says.
package verifier

import (
	"cmp"
	"errors"
	"net/http"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/rules"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// Verifier refuses requests. It is safe for concurrent use.
type Verifier struct{ models *model.Models }

// New makes a verifier by service models.
func New(models *model.Models) *Verifier { return &Verifier{models} }

// Verify reads a request, whose body is given, and says why AWS refuses it: nil if it does not. signed is the service that
// the request was signed for.
func (v *Verifier) Verify(signed string, r *http.Request, body []byte) (*wire.Call, *wire.Refusal) {
	call, err := wire.Read(v.models, signed, r, body)
	if refusal, ok := errors.AsType[*wire.Refusal](err); ok {
		return call, refusal
	}
	if err != nil {
		return call, &wire.Refusal{Code: "UnknownOperationException", Message: "this local AWS cannot read the request: " + err.Error()}
	}
	if problems := model.Validate(call.Operation.Input, call.Input); len(problems) > 0 {
		return call, refusalOf(call, problems)
	}
	if broken := rules.Find(call.Service.Name, call.Operation.Name, call.Input); broken != nil {
		code := cmp.Or(broken.Code, codesOf(call)[model.Invalid])
		return call, &wire.Refusal{Status: statuses[code], Code: code, Message: broken.Message}
	}
	return call, nil
}
