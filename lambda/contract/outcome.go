package contract

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Outcome is what a destination record reports about a message. It holds neither the recipient nor the subject nor the
// body, so that no statement, error or log line that is made of it does.
type Outcome struct {
	ID         string
	Status     Status    // SENT or FAILED
	At         time.Time // when Lambda made the record; UTC
	Channel    Channel   // as the sender was given it; empty if it was given none
	ProviderID string    // with SENT
	SentAt     time.Time // with SENT; UTC
	Error      string    // with FAILED: the reason

	// FunctionARN is the function whose invocation the record is about, with its qualifier.
	FunctionARN string
}

// IsOf reports whether the record is about an invocation of the function with the ARN, under whatever qualifier.
func (o Outcome) IsOf(arn string) bool {
	return o.FunctionARN == arn || strings.HasPrefix(o.FunctionARN, arn+":")
}

// readResult reads what the sender answered.
func (o *Outcome) readResult(result Result, askedID string) error {
	var problems []error
	if !UsableID(result.ID) {
		problems = append(problems, fmt.Errorf("responsePayload.id is %s, which is not the id of a message", shorten(result.ID)))
	} else if UsableID(askedID) && result.ID != askedID {
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
		o.Error = printable(result.Error)
		if o.Error == "" {
			o.Error = "refused without a reason"
		}
	default:
		problems = append(problems, fmt.Errorf("responsePayload.status is %s: must be %s or %s",
			shorten(string(result.Status)), Sent, Failed))
	}
	return oneLine(problems)
}

// readFailure reads what Lambda reports of an event without a result.
func (o *Outcome) readFailure(e envelope, failed failure, askedID string) error {
	o.ID, o.Status = askedID, Failed
	o.Error = fmt.Sprintf("%s after %d attempts", e.RequestContext.Condition, e.RequestContext.ApproximateInvokeCount)
	if reason := cmp.Or(failed.Message, failed.Type); reason != "" {
		o.Error += ": " + reason
	}
	o.Error = printable(o.Error)
	if !UsableID(askedID) {
		return fmt.Errorf("requestPayload.id is %s, which is not the id of a message", shorten(askedID))
	}
	return nil
}

// printable replaces characters that a terminal obeys instead of showing them by a space: control characters, and those that
// change the direction of text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text)
}
