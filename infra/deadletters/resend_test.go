package main

import (
	"strings"
	"testing"
)

// TestDeadLettersAreSentAgain has one cloud for all scenarios of the command.
func TestDeadLettersAreSentAgain(t *testing.T) {
	c := startCloud(t)
	for name, test := range map[string]func(*testing.T, *stack){
		"an undelivered message is sent once and its row is SENT":         undeliveredIsSent,
		"an unwritten status is written and nothing is sent":              unwrittenIsWritten,
		"a failure under any condition is written and deleted":            anyCondition,
		"what is SENT already is deleted and not sent":                    sentIsDeleted,
		"what is FAILED stays until it is asked for":                      failedStays,
		"two dead-letter messages of one message are one":                 twoAreOne,
		"another message of the same id stays":                            otherOfTheSameID,
		"a schedule of ours that fails is followed by the next":           failedAgain,
		"a message waits while its own outcome is unwritten":              outcomeFirst,
		"what cannot be understood stays with a reason":                   unclearStay,
		"heartbeats are deleted":                                          heartbeats,
		"a database that does not answer sends nothing and loses nothing": databaseGone,
		"list describes all and takes nothing":                            listed,
		"list prints each of many messages once and again":                manyListed,
		"drop deletes the messages that are named":                        dropped,
		"two runs at once send each message once":                         twoRuns,
		"finished schedules go when they are old and their row is final":  tidied,
		"a command that is killed at any step sends each message once":    killedAnywhere,
		"the policy in the documentation allows what the command calls":   policyAllows,
	} {
		t.Run(name, func(t *testing.T) { test(t, c.newStack(t)) })
	}
}

func undeliveredIsSent(t *testing.T, s *stack) {
	s.undelivered("u-1", "order")
	s.put(s.outputs.UndeliveredQueueURL, event("u-2"), schedulerAttributes("g/order-2")) // the input itself
	output := s.run("resend")
	s.fire()
	for _, id := range []string{"u-1", "u-2"} {
		if s.sent(id) != 1 || s.status(id) != "SENT" {
			t.Errorf("%s was sent %d times and is %q", id, s.sent(id), s.status(id))
		}
	}
	if n := s.left(s.outputs.UndeliveredQueueURL); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	s.says(output, `message "u-1": sent again`, "undelivered: 2 done, 0 stay", "unwritten: 0 done, 0 stay")
}

func unwrittenIsWritten(t *testing.T, s *stack) {
	s.unwritten(sentRecord("w-1"))
	s.unwritten(failedRecord("w-2"))
	s.unwritten(sentRecord("w-1")) // Lambda may write a record twice
	output := s.run("resend")
	if s.status("w-1") != "SENT" || s.status("w-2") != "FAILED" {
		t.Errorf("the rows are %q and %q", s.status("w-1"), s.status("w-2"))
	}
	if n := len(s.scheduled()); n != 0 || s.sent("w-1")+s.sent("w-2") != 0 {
		t.Errorf("%d schedules were made", n)
	}
	if n := s.left(s.outputs.UnwrittenQueueURL); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	s.says(output, `message "w-1": SENT is written`, `message "w-2": FAILED is written`, "unwritten: 3 done, 0 stay")
	// Written again, a record changes nothing, whichever way round: a command that was killed may do so.
	s.unwritten(failedRecord("w-1"))
	s.unwritten(failedRecord("w-2"))
	s.says(s.run("resend"), "its row unchanged")
	if s.status("w-1") != "SENT" || s.status("w-2") != "FAILED" {
		t.Errorf("again, the rows are %q and %q", s.status("w-1"), s.status("w-2"))
	}
}

// anyCondition is of a sender that somebody has throttled, so that Lambda never ran it, of an updater that somebody has
// throttled, and of what AWS may add.
func anyCondition(t *testing.T, s *stack) {
	never := senderRecord("c-1", "ZeroReservedConcurrency", "")
	never.Attempts = 0
	s.unwritten(never.String())
	s.unwritten(record("c-2", "SomethingNew", `{"errorMessage":"no"}`))
	throttled := updaterRecord(sentRecord("c-3"))
	throttled.Condition, throttled.Response, throttled.Unhandled = "ZeroReservedConcurrency", nil, false
	s.put(s.outputs.UnwrittenQueueURL, throttled.String(), nil)
	s.says(s.run("list"), "message c-1, which is FAILED", "message c-2, which is FAILED", "message c-3, which is SENT",
		"reason: ZeroReservedConcurrency after 3 attempts")
	output := s.run("resend")
	s.says(output, `message "c-1": FAILED is written`, `message "c-2": FAILED is written`, `message "c-3": SENT is written`)
	for id, want := range map[string]string{"c-1": "FAILED", "c-2": "FAILED", "c-3": "SENT"} {
		if got := s.status(id); got != want {
			t.Errorf("%s is %q, want %s", id, got, want)
		}
	}
	if w := s.left(s.outputs.UnwrittenQueueURL); w != 0 || len(s.scheduled()) != 0 {
		t.Errorf("%d messages are left, schedules: %v", w, s.scheduled())
	}
}

func sentIsDeleted(t *testing.T, s *stack) {
	s.writeRow(sentRecord("s-1"))
	s.undelivered("s-1", "order")
	s.unwritten(sentRecord("s-2")) // written in the same run, before the message is looked at
	s.undelivered("s-2", "order")
	output := s.run("resend")
	s.fire()
	if s.sent("s-1")+s.sent("s-2") != 0 || s.left(s.outputs.UndeliveredQueueURL) != 0 {
		t.Errorf("sent %d and %d times, %d left", s.sent("s-1"), s.sent("s-2"), s.left(s.outputs.UndeliveredQueueURL))
	}
	s.says(output, `message "s-1": deleted: it is SENT`, `message "s-2": deleted: it is SENT`)
}

func failedStays(t *testing.T, s *stack) {
	s.writeRow(failedRecord("f-1"))
	s.undelivered("f-1", "order")
	s.says(s.keeps(1, "resend"), `message "f-1" stays: its row is FAILED`)
	s.fire()
	if s.sent("f-1") != 0 || s.left(s.outputs.UndeliveredQueueURL) != 1 {
		t.Errorf("sent %d times, %d left", s.sent("f-1"), s.left(s.outputs.UndeliveredQueueURL))
	}
	s.run("resend", "-failed")
	s.fire()
	if s.sent("f-1") != 1 || s.status("f-1") != "SENT" || s.left(s.outputs.UndeliveredQueueURL) != 0 {
		t.Errorf("with -failed: sent %d times, %q, %d left", s.sent("f-1"), s.status("f-1"), s.left(s.outputs.UndeliveredQueueURL))
	}
}

func twoAreOne(t *testing.T, s *stack) {
	s.undelivered("t-1", "order")
	s.undelivered("t-1", "order")
	output := s.run("resend")
	s.fire()
	if s.sent("t-1") != 1 || s.left(s.outputs.UndeliveredQueueURL) != 0 {
		t.Errorf("sent %d times, %d left", s.sent("t-1"), s.left(s.outputs.UndeliveredQueueURL))
	}
	s.says(output, "deleted: it was sent again before")
}

func otherOfTheSameID(t *testing.T, s *stack) {
	s.undelivered("o-1", "order")
	s.put(s.outputs.UndeliveredQueueURL, strings.Replace(event("o-1"), "everyone", "somebody", 1), schedulerAttributes("g/order"))
	output := s.keeps(1, "resend")
	if n := s.left(s.outputs.UndeliveredQueueURL); n != 1 {
		t.Errorf("%d messages are left", n)
	}
	s.says(output, "stays: another message of the same id")
}

func failedAgain(t *testing.T, s *stack) {
	s.undelivered("a-1", "order")
	s.run("resend")
	names := s.scheduled()
	if len(names) != 1 {
		t.Fatalf("schedules: %v", names)
	}
	s.fired[names[0]] = true // but could not invoke the sender, and left a dead-letter message, twice
	s.undelivered("a-1", names[0])
	s.undelivered("a-1", names[0])
	s.run("resend")
	s.fire()
	if s.sent("a-1") != 1 || s.status("a-1") != "SENT" || s.left(s.outputs.UndeliveredQueueURL) != 0 {
		t.Errorf("sent %d times, %q, %d left", s.sent("a-1"), s.status("a-1"), s.left(s.outputs.UndeliveredQueueURL))
	}
}

func outcomeFirst(t *testing.T, s *stack) {
	s.undelivered("b-1", "order")
	s.unwritten(sentRecord("b-1"))
	var output string
	func() {
		s.database.Exec(t, "RENAME TABLE messages.messages TO messages.away")
		defer s.database.Exec(t, "RENAME TABLE messages.away TO messages.messages")
		output = s.keeps(2, "resend")
	}()
	s.says(output, `message "b-1" stays: updater: Unhandled`, `message "b-1" stays: its outcome waits in unwritten`)
	s.run("resend")
	s.fire()
	if s.sent("b-1") != 0 || s.status("b-1") != "SENT" || s.left(s.outputs.UndeliveredQueueURL)+s.left(s.outputs.UnwrittenQueueURL) != 0 {
		t.Errorf("sent %d times, %q", s.sent("b-1"), s.status("b-1"))
	}
}
