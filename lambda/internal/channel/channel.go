// Package channel delivers messages: to an SNS topic, and to webhooks on the internet.
//
// An error that Send returns is a *Refusal when no retry can mend it, and any other error when one may.
package channel

import "fmt"

// Refusal is the reason why a message will never leave, in words that may stand in a row: without secrets, without
// the message's body and without what a receiver answered.
type Refusal struct {
	Reason string
}

func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error {
	return &Refusal{Reason: fmt.Sprintf(format, args...)}
}
