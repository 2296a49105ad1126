// Package contract is shared by a backend, the functions and the program that deploys them: what a
// message is, what its delivery ends in, and the names of the environment variables that carry the wiring.
package contract

import "time"

// Channel is a way for a message to leave.
type Channel string

// The channels that the sender knows.
const (
	SNS     Channel = "sns"     // published to the stack's topic
	Webhook Channel = "webhook" // posted to an allowed host
)

// Channels are all of them.
var Channels = []Channel{SNS, Webhook}

// Status is where a message stands. It moves SCHEDULED to SENT or FAILED, and FAILED to SENT when a late success
// comes in; it never moves back.
type Status string

// The statuses of a message.
const (
	Scheduled Status = "SCHEDULED"
	Sent      Status = "SENT"
	Failed    Status = "FAILED"
)

// Statuses are all of them.
var Statuses = []Status{Scheduled, Sent, Failed}

// Message is what a backend puts into a schedule's input and what the sender delivers.
type Message struct {
	ID      string  `json:"id"` // at most MaxIDLength characters; the row's key
	Channel Channel `json:"channel"`
	To      string  `json:"to"`
	Subject string  `json:"subject,omitempty"`
	Body    string  `json:"body"`
}

// MaxIDLength is the width of the messages table's key, in characters.
const MaxIDLength = 64

// Result is what the sender answers, and what Lambda's destination hands to the updater.
type Result struct {
	ID         string    `json:"id"`
	Status     Status    `json:"status"`               // SENT, or FAILED for an error that no retry can fix
	ProviderID string    `json:"providerId,omitempty"` // what the channel calls the message
	SentAt     time.Time `json:"sentAt,omitzero"`      // UTC
	Error      string    `json:"error,omitempty"`      // with FAILED: the reason, in words and without secrets
}
