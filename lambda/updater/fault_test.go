package main

import (
	"fmt"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
)

// faults are what a run may meet, by name.
func faults() map[string]func(*run) {
	const rotated = "An-other_pass:word~2"
	return map[string]func(*run){
		"cold": func(r *run) { r.send(contract.Sent); r.heals() },
		"warm": func(r *run) {
			first := connection(r.t, r.process)
			for range 1000 {
				r.send(contract.Sent)
			}
			if last := connection(r.t, r.process); last != first {
				r.t.Errorf("connection %v became %v", first, last)
			}
			r.heals()
		},
		"killed":      func(r *run) { r.send(contract.Sent); r.cut(); r.send(contract.Failed); r.heals() },
		"cutrequest":  func(r *run) { r.send(contract.Sent); r.relay.next(cutRequest); r.send(contract.Sent); r.heals() },
		"cutresponse": func(r *run) { r.send(contract.Sent); r.relay.next(cutResponse); r.send(contract.Sent); r.heals() },
		"gone": func(r *run) {
			r.send(contract.Sent)
			r.server.Stop(r.t)
			r.send(contract.Sent)
			r.send(contract.Failed)
			r.server.Restart(r.t)
			r.send(contract.Sent)
			r.fails("connection")
		},
		"silent": func(r *run) {
			r.send(contract.Sent)
			r.relay.next(swallow)
			answer := invoke(r.t, r.process, sentRecord("silent"), 2*time.Second)
			switch {
			case answer.Error == nil:
				r.t.Errorf("got %s", answer.Payload)
			case answer.Error.Type == "Sandbox.Timedout": // this machine was too slow for the function's own error
				r.start()
			case !strings.Contains(answer.Error.Message, "deadline"):
				r.t.Errorf("got %+v", answer.Error)
			}
			r.events["silent"] = "SENT"
			r.kept = append(r.kept, sentRecord("silent"))
		},
		"rotated": func(r *run) {
			r.send(contract.Sent)
			r.rotate(rotated)
			r.cloud.extension.Put(secretARN, secretJSON(rotated))
			r.cut() // because an open connection outlives its password
			r.send(contract.Sent)
			r.heals()
		},
		"rotating": func(r *run) {
			r.send(contract.Sent)
			r.rotate(rotated)
			r.cut()
			r.send(contract.Sent) // the secret still holds the old password
			r.fails("Error 1045")
			r.cloud.extension.Put(secretARN, secretJSON(rotated))
		},
		"busyextension": func(r *run) { r.cloud.extension.Fail(400, 500, 400); r.send(contract.Sent); r.heals() },
		"crashed": func(r *run) {
			r.send(contract.Sent)
			r.relay.next(swallow)
			time.AfterFunc(100*time.Millisecond, r.process.Stop) // in the middle of the next event, or before it
			r.send(contract.Sent)
			r.fails("exited")
			r.relay.next(none) // if it was before it
			r.start()
		},
		"thawed": func(r *run) {
			r.send(contract.Sent)
			freeze(r.t, r.process, func() { r.cut() })
			r.send(contract.Sent)
			r.heals()
		},
		"malformed": func(r *run) {
			r.send(contract.Sent)
			before := rows(r.t, r.admin())
			for _, event := range malformed(r.t) {
				answer := invoke(r.t, r.process, event, timeout)
				if answer.Error == nil {
					r.t.Errorf("%.200s was taken: %s", event, answer.Payload)
				}
			}
			if after := rows(r.t, r.admin()); fmt.Sprint(after) != fmt.Sprint(before) {
				r.t.Errorf("a malformed event changed the rows from\n%v to\n%v", before, after)
			}
			r.send(contract.Sent)
			r.heals()
		},
		"throttled": func(r *run) { // the sender, whose reserved concurrency an operator has set to 0
			r.events["throttled"] = "FAILED"
			r.hand(record("ZeroReservedConcurrency", "throttled", ""))
			r.heals()
			if got := rows(r.t, r.admin())["throttled"].LastError; !strings.HasSuffix(got, " ZeroReservedConcurrency after 3 attempts") {
				r.t.Errorf("the row says %q", got)
			}
		},
		"oversized": func(r *run) { r.oversized(); r.heals() },
	}
}
