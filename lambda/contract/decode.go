package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Decode reads a message and checks all that can be checked without knowing more of its channel than the name.
//
// Next to an error the message still has its ID when that is usable, so that a row can report what is wrong with it;
// otherwise the ID is empty, and there is no row to write. The error names the fields, their values
// shortened, and what they must be. It never holds the body or the subject.
func Decode(event []byte) (Message, error) {
	var m Message
	var problems []string
	if err := json.Unmarshal(event, &m); err != nil {
		mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err)
		if !ok || mismatch.Field == "" {
			return Message{}, errors.New("is not a JSON object")
		}
		// Unmarshal has read the other fields nevertheless.
		problems = append(problems, fmt.Sprintf("%s is of JSON type %s: must be a string", mismatch.Field, mismatch.Value))
	}
	if !utf8.Valid(event) {
		problems = append(problems, "holds bytes that are not UTF-8")
	}
	if n := quotedLength(event); n > MaxEventLength {
		problems = append(problems, fmt.Sprintf("has %d bytes as the text of a JSON string: must have at most %d", n, MaxEventLength))
	}
	problems = append(problems, m.problems()...)
	if !UsableID(m.ID) {
		m = Message{}
	}
	if problems != nil {
		return m, errors.New(strings.Join(problems, "; "))
	}
	return m, nil
}

func (m Message) problems() []string {
	var problems []string
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if err := CheckID(m.ID); err != nil {
		problems = append(problems, err.Error())
	}
	if !slices.Contains(Channels(), m.Channel) {
		add("channel is %s: must be one of %q", shorten(string(m.Channel)), Channels())
	}
	// A webhook's URL may hold a token, so the error describes a recipient and does not show it.
	if len(m.To) > MaxToLength || strings.ContainsFunc(m.To, unicode.IsControl) {
		add("to has %d bytes: must have at most %d, without control characters", len(m.To), MaxToLength)
	}
	if n := utf8.RuneCountInString(m.Subject); n > MaxSubjectLength || strings.ContainsFunc(m.Subject, unicode.IsControl) {
		add("subject has %d characters: must have at most %d, without line breaks and control characters", n, MaxSubjectLength)
	}
	if n := len(m.Body); n < 1 || n > MaxBodyLength {
		add("body has %d bytes: must have 1 to %d", n, MaxBodyLength)
	}
	return problems
}

// CheckID reports what is wrong with an id that is not usable.
func CheckID(id string) error {
	if UsableID(id) {
		return nil
	}
	return fmt.Errorf("id is %s: must be 1 to %d printable ASCII characters without spaces", shorten(id), MaxIDLength)
}

// UsableID reports whether an id can be a row's key, an HTTP header's value and an attribute in SNS as it is.
func UsableID(id string) bool {
	return len(id) >= 1 && len(id) <= MaxIDLength && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

func shorten(value string) string {
	const most = 40
	if len(value) > most {
		return fmt.Sprintf("%+q...", value[:most])
	}
	return fmt.Sprintf("%+q", value)
}
