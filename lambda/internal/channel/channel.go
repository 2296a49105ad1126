// Package channel delivers messages: to an SNS topic, and to webhooks on the internet.
//
// An error that Send returns is a *PermanentError when no retry can help, and any other error when one may.
package channel

import (
	"errors"
	"fmt"
)

// PermanentError is the reason why a message is never delivered, in words that may stand in a row: without secrets,
// without the message's body and without what a receiver answered.
type PermanentError struct {
	Reason string
}

func (e *PermanentError) Error() string { return e.Reason }

func permanent(format string, args ...any) error {
	return &PermanentError{Reason: fmt.Sprintf(format, args...)}
}

func isPermanent(err error) bool {
	_, permanent := errors.AsType[*PermanentError](err)
	return permanent
}
