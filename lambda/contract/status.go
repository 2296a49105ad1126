package contract

import "slices"

// Status is the state of a message.
type Status string

// The statuses of a message.
const (
	Scheduled Status = "SCHEDULED"
	Sent      Status = "SENT"
	Failed    Status = "FAILED"
	Cancelled Status = "CANCELLED" // by the backend
)

// transitions are all statuses, each with those that a message may move on to. The updater's SQL, the answer of the function
// status and the tests of the migrations are derived from it. Another status is a row here, a migration that appends it to the
// column's ENUM, and a run of go generate for the documents.
var transitions = []struct {
	status Status
	next   []Status
}{
	{Scheduled, []Status{Sent, Failed, Cancelled}},
	{Sent, nil},
	{Failed, []Status{Sent}},    // a late success wins
	{Cancelled, []Status{Sent}}, // it was sent after all
}

// Statuses are all of them, in the order in which the column's ENUM lists them.
func Statuses() []Status {
	var all []Status
	for _, row := range transitions {
		all = append(all, row.status)
	}
	return all
}

// Next are the statuses that a message may move on to, none for a final status.
func (s Status) Next() []Status {
	for _, row := range transitions {
		if row.status == s {
			return slices.Clone(row.next)
		}
	}
	return nil
}

// Previous are the statuses from which a message may move to this one, in the order of Statuses.
func (s Status) Previous() []Status {
	var all []Status
	for _, row := range transitions {
		if slices.Contains(row.next, s) {
			all = append(all, row.status)
		}
	}
	return all
}
