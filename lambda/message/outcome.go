package message

import (
	"fmt"
	"time"
)

// Outcome is what a destination record says about a message.
type Outcome struct {
	ID         string
	Status     Status    // SENT or FAILED
	At         time.Time // when Lambda made the record; UTC
	Channel    Channel   // this and the next two as the sender was given them; empty if it was given none
	To         string
	Subject    string
	ProviderID string    // with SENT
	SentAt     time.Time // with SENT; UTC
	Error      string    // with FAILED: the reason in words
}

// readResult reads what the sender answered.
func (o *Outcome) readResult(result Result, askedID string) error {
	var problems []error
	if !usableID(result.ID) {
		problems = append(problems, fmt.Errorf("responsePayload.id is %s, which is no message's", shorten(result.ID)))
	} else if usableID(askedID) && result.ID != askedID {
		problems = append(problems, fmt.Errorf("responsePayload.id is %s, but requestPayload.id is %s",
			shorten(result.ID), shorten(askedID)))
	}
	o.ID, o.Status = result.ID, result.Status
	switch result.Status {
	case Sent:
		o.ProviderID, o.SentAt = result.ProviderID, result.SentAt.UTC().Truncate(time.Millisecond)
		if result.SentAt.IsZero() {
			o.SentAt = o.At
		} else if !plausible(o.SentAt) {
			problems = append(problems, fmt.Errorf("responsePayload.sentAt is in the year %d", o.SentAt.Year()))
		}
	case Failed:
		o.Error = result.Error
		if o.Error == "" {
			o.Error = "refused without a reason"
		}
	default:
		problems = append(problems, fmt.Errorf("responsePayload.status is %s, want %s or %s",
			shorten(string(result.Status)), Sent, Failed))
	}
	return oneLine(problems)
}

// readFailure reads what Lambda says when it has given up.
func (o *Outcome) readFailure(e envelope, said failure, askedID string) error {
	o.ID, o.Status = askedID, Failed
	o.Error = fmt.Sprintf("%s after %d attempts", e.RequestContext.Condition, e.RequestContext.ApproximateInvokeCount)
	words := said.Message
	if words == "" {
		words = said.Type
	}
	if words != "" {
		o.Error += ": " + words
	}
	if !usableID(askedID) {
		return fmt.Errorf("requestPayload.id is %s, which is no message's", shorten(askedID))
	}
	return nil
}
