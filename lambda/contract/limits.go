package contract

import (
	"errors"
	"unicode/utf8"
)

// MaxQueueMessage is what the stack's queues take, in bytes: 256 KiB, a message's attributes included.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const MaxQueueMessage = 256 << 10

// aroundEvent is how many bytes a dead-letter message needs around an event, at most. In `unwritten` that is a record of
// the updater around a record of the sender: twice the fields that Lambda writes, of some 600 bytes; a result with an id
// and a provider's id, and two reasons of MaxReasonLength, of which JSON makes six bytes each at worst: 15.5 KB in all.
// What Scheduler writes into `undelivered` around the event, attributes included, is less.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
const aroundEvent = 16 << 10

// The limits of a message, one for every channel, so that a message may change its channel.
const (
	// MaxEventLength is how long an event may be, unknown fields included, in bytes of the JSON string that has it as
	// its text: a dead-letter message of Scheduler holds it in that form. No event up to it can become too large for a queue.
	MaxEventLength = MaxQueueMessage - aroundEvent
	// MaxBodyLength is in bytes of UTF-8. It leaves 4 KiB of MaxEventLength for the other fields; what JSON escapes in the
	// body, such as quotes and line breaks, takes more of it. SNS takes 256 KiB, body and attributes together
	// (API_Publish, Message), and EventBridge Scheduler as much of input (API_Target).
	MaxBodyLength = MaxEventLength - 4<<10
)

// Brief is the error with its text truncated to MaxReasonLength, because Lambda writes it into the destination record.
func Brief(err error) error {
	if err != nil && len(err.Error()) > MaxReasonLength {
		return errors.New(Truncate(err.Error(), MaxReasonLength))
	}
	return err
}

// Truncate shortens a text to a number of bytes, without splitting a character.
func Truncate(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// quotedLength is how many bytes a JSON text has inside a JSON string, without the string's quotes.
func quotedLength(event []byte) int {
	length := len(event)
	for _, b := range event {
		switch b {
		case '"', '\\', '\n', '\r', '\t': // of the white space that JSON knows, all but the space itself
			length++
		}
	}
	return length
}
