// Package contract is what a backend, the functions and the program that deploys them agree on: what a message is, the result of
// its delivery, its statuses and channels, the widths of the table's columns, the names of environment variables, and the fields
// of the logs.
package contract

import "time"

// Message is what a backend puts into a schedule's input and what the sender delivers.
type Message struct {
	ID      string  `json:"id"` // at most MaxIDLength characters; the row's key
	Channel Channel `json:"channel"`
	To      string  `json:"to"`
	Subject string  `json:"subject,omitempty"`
	Body    string  `json:"body"`
}

// Result is the sender's answer, which Lambda's destination hands to the updater.
type Result struct {
	ID         string    `json:"id"`
	Status     Status    `json:"status"`               // SENT, or FAILED for an error that no retry can fix
	ProviderID string    `json:"providerId,omitempty"` // what the channel calls the message
	SentAt     time.Time `json:"sentAt,omitzero"`      // UTC
	Error      string    `json:"error,omitempty"`      // with FAILED: the reason, without secrets
}
