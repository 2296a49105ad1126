package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/lambda/contract"
)

// describe puts a line of the trace into words, and says whether it is about a written row.
func describe(l dataplane.Line) (words string, row bool) {
	function := lastPart(l.Function)
	if l.Attempt > 1 {
		function += fmt.Sprintf(", attempt %d", l.Attempt)
	}
	again := ""
	if l.Again > 0 {
		again = fmt.Sprintf("; again in %s", l.Again.Round(100*time.Millisecond))
	}
	switch l.Kind {
	case dataplane.Scheduled:
		return "scheduled: " + l.Text, false
	case dataplane.Deleted:
		return "its schedule is deleted before it fired", false
	case dataplane.Fired:
		return "fired: the " + lastPart(l.Function) + " has it", false
	case dataplane.Refused:
		return "fired, and refused by the " + function + ": " + l.Text + again, false
	case dataplane.Failed:
		return function + ": " + l.Text + again, false
	case dataplane.Handed:
		return "the " + lastPart(l.Function) + "'s result goes to the " + lastPart(l.Text), false
	case dataplane.Dead:
		return "a dead-letter message in " + l.Text, false
	case dataplane.Lost:
		return "lost: " + l.Text, false
	case dataplane.Attempted:
		var answer struct {
			Status contract.Status
			Row    string
		}
		_ = json.Unmarshal(l.Answer, &answer) // another function's says nothing here
		words = function + ": " + string(answer.Status)
		if answer.Row != "" {
			words += " (row " + answer.Row + ")"
		}
		return strings.TrimRight(words, " "), answer.Row != ""
	}
	return string(l.Kind) + ": " + l.Text, false
}

// nameOf is what a line is about: a message, or a schedule or function whose event has none.
func nameOf(l dataplane.Line) string { return cmp.Or(l.Message, l.Schedule, l.Function) }

// lastPart is what a name of the stack's ends with: the function's own, or the queue's.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '-')+1:] }
