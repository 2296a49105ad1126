package faults

import (
	"fmt"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/contract"
)

// rotatedPassword is what the application's user gets in a rotation.
const rotatedPassword = "An-other_pass:word~2"

// All are the faults that a run may meet, by name.
func All() map[string]func(*Run) {
	return map[string]func(*Run){
		"cold": func(r *Run) { r.send(contract.Sent); r.recovers() },
		"warm": func(r *Run) {
			first := Connection(r.t, r.process)
			for range 1000 {
				r.send(contract.Sent)
			}
			if last := Connection(r.t, r.process); last != first {
				r.t.Errorf("connection %v became %v", first, last)
			}
			r.recovers()
		},
		"killed": func(r *Run) { r.send(contract.Sent); r.cut(); r.send(contract.Failed); r.recovers() },
		"cutrequest": func(r *Run) {
			r.send(contract.Sent)
			r.relay.Next(tcprelay.CutRequest)
			r.send(contract.Sent)
			r.recovers()
		},
		"cutresponse": func(r *Run) {
			r.send(contract.Sent)
			r.relay.Next(tcprelay.CutResponse)
			r.send(contract.Sent)
			r.recovers()
		},
		"gone": func(r *Run) {
			r.send(contract.Sent)
			r.server.Stop(r.t)
			r.send(contract.Sent)
			r.send(contract.Failed)
			r.server.Restart(r.t)
			r.send(contract.Sent)
			r.fails("connection")
		},
		"silent": func(r *Run) {
			r.send(contract.Sent)
			r.relay.Next(tcprelay.Swallow)
			answer := lambdatest.Invoke(r.t, r.process, lambdatest.SentRecord("silent"), 2*time.Second)
			switch {
			case answer.Error == nil:
				r.t.Errorf("got %s", answer.Payload)
			case answer.Error.Type == "Sandbox.Timedout": // this machine was too slow for the function's own error
				r.start()
			case !strings.Contains(answer.Error.Message, "deadline"):
				r.t.Errorf("got %+v", answer.Error)
			}
			r.events["silent"] = "SENT"
			r.kept = append(r.kept, lambdatest.SentRecord("silent"))
		},
		"rotated": func(r *Run) {
			r.send(contract.Sent)
			r.rotate(rotatedPassword)
			r.put(rotatedPassword)
			r.cut() // because an open connection outlives its password
			r.send(contract.Sent)
			r.recovers()
		},
		"rotating": func(r *Run) {
			r.send(contract.Sent)
			r.rotate(rotatedPassword)
			r.cut()
			r.send(contract.Sent) // the secret still holds the old password
			r.fails("Error 1045")
			r.put(rotatedPassword)
		},
		"busyextension": func(r *Run) { r.cloud.Extension.Fail(400, 500, 400); r.send(contract.Sent); r.recovers() },
		"crashed": func(r *Run) {
			r.send(contract.Sent)
			r.relay.Next(tcprelay.Swallow)
			time.AfterFunc(100*time.Millisecond, r.process.Stop) // in the middle of the next event, or before it
			r.send(contract.Sent)
			r.fails("exited")
			r.relay.Next(tcprelay.None) // if it was before it
			r.start()
		},
		"thawed": func(r *Run) {
			r.send(contract.Sent)
			r.freeze(r.cut)
			r.send(contract.Sent)
			r.recovers()
		},
		"malformed": func(r *Run) {
			r.send(contract.Sent)
			before := lambdatest.Rows(r.t, r.admin())
			for _, event := range malformed(r.t) {
				answer := lambdatest.Invoke(r.t, r.process, event, lambdatest.Timeout)
				if answer.Error == nil {
					r.t.Errorf("%.200s was taken: %s", event, answer.Payload)
				}
			}
			if after := lambdatest.Rows(r.t, r.admin()); fmt.Sprint(after) != fmt.Sprint(before) {
				r.t.Errorf("a malformed event changed the rows from\n%v to\n%v", before, after)
			}
			r.send(contract.Sent)
			r.recovers()
		},
		"throttled": func(r *Run) { // the sender, whose reserved concurrency an operator has set to 0
			r.events["throttled"] = "FAILED"
			r.hand(lambdatest.NewRecord("ZeroReservedConcurrency", "throttled", ""))
			r.recovers()
			got := lambdatest.Rows(r.t, r.admin())["throttled"].LastError
			if !strings.HasSuffix(got, " ZeroReservedConcurrency after 3 attempts") {
				r.t.Errorf("the row says %q", got)
			}
		},
		"oversized": func(r *Run) { r.oversized(); r.recovers() },
	}
}
