// Package webhook is what sender and receiver of a webhook agree on: the headers, the two kinds of signature, the form of a
// key, and, on the sender's side, the secret with the keys and the list of allowed hosts.
//
// This file is what a receiver does before it trusts a message: it checks a signature and takes the message's id from what
// is signed. It needs key.go and the standard library only, so that a receiver in Go can copy the two files; one in another
// language uses a library of https://www.standardwebhooks.com for Verify.
package webhook

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Tolerance is how much older or newer than now a signature may be. It is the Standard Webhooks libraries' own. Ids
// have to be remembered for longer than this: see docs/webhooks.md.
const Tolerance = 5 * time.Minute

// Errors of Verify and VerifyXSignature. A receiver answers all but the last with 401: the sender then tries another key,
// if it has one, and otherwise again a minute later.
var (
	ErrNotSigned = errors.New("a signature header is missing or malformed")
	ErrTime      = errors.New("the signature is too old, or in the future")
	ErrSignature = errors.New("no signature is made with a known key")
	ErrID        = errors.New("the signed id is not the body's id")
	ErrKey       = errors.New("the key is malformed") // one of the receiver's own; answered with 500
)

// Verify checks the headers of Standard Webhooks, Webhook-Id, Webhook-Timestamp and Webhook-Signature, against the body
// as received and the keys that the receiver knows: one, and two while its key changes. It returns the message's id.
func Verify(header http.Header, body []byte, now time.Time, keys ...string) (id string, err error) {
	id, timestamp := header.Get(HeaderID), header.Get(HeaderTimestamp)
	if err := checkTime(timestamp, now); err != nil {
		return "", err
	}
	var given [][]byte
	for _, signature := range strings.Fields(header.Get(HeaderSignature)) {
		if encoded, found := strings.CutPrefix(signature, "v1,"); found {
			if decoded, err := base64.StdEncoding.DecodeString(encoded); err == nil {
				given = append(given, decoded)
			}
		}
	}
	if err := check(given, id+"."+timestamp+".", body, keys); err != nil {
		return "", err
	}
	// An id may hold dots, so that the signed text could be cut in another place. The body's own id excludes that.
	if signed, err := bodyID(body); err != nil || signed != id {
		return "", ErrID
	}
	return id, nil
}

// VerifyXSignature checks X-Signature, the header of earlier releases: t=TIME,v1=HEX, with a v1 for each key while a key
// changes. It returns the id that the signed body holds. (Idempotency-Key is not signed.)
func VerifyXSignature(header http.Header, body []byte, now time.Time, keys ...string) (id string, err error) {
	var timestamp string
	var given [][]byte
	for part := range strings.SplitSeq(header.Get(HeaderXSignature), ",") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "t":
			timestamp = value
		case "v1":
			if decoded, err := hex.DecodeString(value); err == nil {
				given = append(given, decoded)
			}
		}
	}
	if err := checkTime(timestamp, now); err != nil {
		return "", err
	}
	if err := check(given, timestamp+".", body, keys); err != nil {
		return "", err
	}
	return bodyID(body)
}

func checkTime(timestamp string, now time.Time) error {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ErrNotSigned
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > Tolerance || age < -Tolerance {
		return ErrTime
	}
	return nil
}

// check accepts any of the signatures under any of the keys. hmac.Equal takes the same time wherever two sums differ.
func check(given [][]byte, prefix string, body []byte, keys []string) error {
	if len(given) == 0 {
		return ErrNotSigned
	}
	for _, text := range keys {
		key, err := ParseKey(text)
		if err != nil {
			return err
		}
		want := sum(key, prefix, body)
		for _, signature := range given {
			if hmac.Equal(signature, want) {
				return nil
			}
		}
	}
	return ErrSignature
}

func bodyID(body []byte) (string, error) {
	var message struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &message); err != nil || message.ID == "" {
		return "", ErrID
	}
	return message.ID, nil
}
