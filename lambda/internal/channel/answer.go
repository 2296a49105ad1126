package channel

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer is what a delivery needs of a receiver's answer.
type answer struct {
	status     int
	location   string
	retryAfter time.Duration // that the receiver asks for; 0: none
}

// class is what happens to a message after an answer.
type class int

const (
	delivered  class = iota
	transient        // another attempt may succeed
	keyRefused       // another key may be accepted: at once, or at another attempt while a key changes
	final            // no attempt can succeed
)

// classify decides by the status alone. The table in docs/webhooks.md says the same.
//
// 409 and 425 are what a receiver answers while it still works on the first delivery of an Idempotency-Key (the IETF's
// draft-ietf-httpapi-idempotency-key-header, section 2.6) or does not yet take a request that may be a repetition
// (RFC 8470, section 5.2): after this sender's own timeout, its next attempt meets them.
//
// A number below 100 or above 599 is not a status: it counts as a server's error (RFC 9110, section 15).
func classify(status int) class {
	switch {
	case status >= 200 && status < 300:
		return delivered
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return keyRefused
	case status == http.StatusRequestTimeout, status == http.StatusConflict, status == http.StatusTooEarly,
		status == http.StatusTooManyRequests, status >= 500, status < 100:
		return transient
	}
	return final
}

// err is what the delivery ends with when this is its last answer.
func (a answer) err() error {
	text := strings.TrimSpace(fmt.Sprintf("answered %d %s", a.status, http.StatusText(a.status)))
	switch classify(a.status) {
	case delivered:
		return nil
	case transient:
		if a.retryAfter > 0 {
			text += fmt.Sprintf(" with Retry-After of %d s", int64(a.retryAfter/time.Second))
		}
		return errors.New(text)
	case keyRefused:
		return errors.New(text)
	}
	if a.status >= 300 && a.status < 400 {
		return permanent("%s: a POST is redirected by 307 and 308 only", text)
	}
	return &PermanentError{Reason: text}
}

// parseRetryAfter reads either form of Retry-After (RFC 9110, section 10.2.3): seconds, or a date. It returns at least
// a second, so that no receiver can cause posts without a pause, and 0 for anything else.
func parseRetryAfter(value string, now time.Time) time.Duration {
	var wait time.Duration
	seconds, err := strconv.ParseUint(value, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) { // out of range it is the largest
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(now).Round(time.Second)
	} else {
		return 0
	}
	return max(wait, time.Second)
}
