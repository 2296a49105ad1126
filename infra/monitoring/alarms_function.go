package monitoring

import (
	"fmt"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/delivery"
)

// text is what an alarm says, to whoever is on call: what has happened, and what to do.
type text struct{ summary, runbook string }

// The errors of a function that is invoked as often as there are messages fire an alarm by their share, because an
// asynchronous invocation is tried again by Lambda. They have to be a few, so that one in a quiet hour does not: a
// message that fails in all its tries is given up, and heard of by that.
const (
	failureShare = 5 // percent
	failureLeast = 5
)

// watched is one function and what its alarms say. A function is put under watch by a row here. An alarm without a
// text is not made.
type watched struct {
	name        string
	disabled    bool
	errors      text
	rated       bool // errors by their share of the invocations; otherwise from the first
	dropped     text // an event was given up after its retries or its age
	late        text // an event has waited for lateAfter
	lateAfter   int  // seconds
	throttles   text
	destination text // Lambda could not hand over a result or a failed event
}

const raiseQuota = "Raise the account's quota of concurrent executions, or spread the schedules."

// watchedFunctions are the functions of a stack with the configuration.
func watchedFunctions(c *config.Config) []watched {
	half := c.MaxEventAgeSeconds / 2
	if half <= RetrySeconds(c.MaxRetries) { // then a mere retry would be late, and what is too late is given up soon
		half = 0
	}
	return []watched{
		{
			name:  "sender",
			rated: true,
			errors: text{
				"Deliveries fail: 5 % or more of the sender's invocations in ten minutes, and five at least. Lambda tries each again.",
				"Read the sender's log: the channel is down, refuses the credentials, or throttles. " +
					"A message that fails for good is heard of by sender-given-up.",
			},
			dropped: text{
				"A message was given up after its retries or its age; its row is FAILED, with the reason.",
				"Read last_error; when the channel is well again, schedule the message anew.",
			},
			lateAfter: half,
			late: text{
				"A message has waited for half of maxEventAgeSeconds; after all of it Lambda gives it up.",
				"Throttles: raise Lambda's quota of concurrent executions. Errors: see the sender's log.",
			},
			throttles: text{
				"Lambda has had no room for the sender for most of a quarter of an hour; messages are late.",
				raiseQuota,
			},
			destination: text{
				"Lambda could not hand the sender's result to the updater: the message may have left, and its row does not say so.",
				"Check that the sender's role may invoke the updater; set the row by hand from the sender's log.",
			},
		},
		{
			name:  "updater",
			rated: true,
			errors: text{
				"Statuses fail to be written: 5 % or more of the updater's invocations in ten minutes, and five at least. " +
					"Lambda tries each again.",
				"Read the updater's log: the pool, the password, the endpoint of Secrets Manager. " +
					"A status that fails for good is heard of by unwritten-messages.",
			},
			lateAfter: delivery.UpdaterEventAgeSeconds / 2,
			late: text{
				"A status has waited for three hours; after six Lambda moves it to unwritten.",
				"Throttles: raise Lambda's quota of concurrent executions. Errors: see the updater's log.",
			},
			throttles: text{
				"Lambda has had no room for the updater for most of a quarter of an hour; statuses are late.",
				raiseQuota,
			},
			destination: text{
				"Lambda could not write a record to unwritten: a status is lost.",
				"Check that the updater's role may send to the queue and use the key; set the row by hand from the sender's log.",
			},
		},
		{
			name: "status",
			errors: text{
				"The function status crashed or ran out of time. It has no other errors: what is wrong with the database is in its answer.",
				"Read its log.",
			},
		},
		{
			name: "migrator",
			errors: text{
				"Making the schema or the application's users failed.",
				"The migrator's log and pulumi up say why; pulumi up runs it again.",
			},
		},
		{
			name:     "rotator",
			disabled: c.RotationDays == 0,
			errors: text{
				"A step of a password's rotation failed, or the current passwords do not open the database.",
				"Read the rotator's log; Secrets Manager tries a rotation again by itself, and rotate-secret does at once.",
			},
		},
		outboxFunction(c, "relay", "It cannot read which rows ask for a schedule.",
			"Read relay's log: the pool, the password, the endpoint of Secrets Manager."),
		outboxFunction(c, "armer", "Schedules do not follow the table.",
			"Read armer's log: relay's answers, Scheduler's quotas, the role's permissions, the key."),
	}
}

// outboxFunction is relay or armer. A round that fails loses nothing, because the next minute's does the same and more: five in ten
// minutes are a trouble that stays.
func outboxFunction(c *config.Config, name, means, runbook string) watched {
	return watched{
		name:     name,
		disabled: !c.Outbox,
		rated:    true,
		errors: text{
			fmt.Sprintf("The function %s fails: 5 %% or more of its invocations in ten minutes, and five at least. %s", name, means),
			runbook + " The next minute's round does what is left.",
		},
		throttles: text{
			fmt.Sprintf("Lambda has had no room for %s for most of a quarter of an hour. %s", name, means),
			raiseQuota,
		},
	}
}

// RetrySeconds is the age that an event can have at its last try without a throttle: Lambda waits a minute before the
// second try and two before the third, and each may take the sender's timeout.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func RetrySeconds(retries int) int {
	age := 0
	for retry := range retries {
		age += config.Sender.Timeout + 60*(retry+1)
	}
	return age
}

func functionAlarms(c *config.Config) []alarm {
	var rows []alarm
	for _, f := range watchedFunctions(c) {
		errors := onFirst(f.name+"-errors", f.name, FunctionErrors, f.errors)
		if f.rated {
			errors.Measure = rate(f.name, FunctionErrors, invocations, failureLeast)
			errors.Threshold, errors.Fires = failureShare, 10
		}
		late := onFirst(f.name+"-late", f.name, eventAge, f.late)
		late.Threshold = float64(f.lateAfter) * 1000
		late.disabled = f.lateAfter == 0
		for _, a := range []alarm{
			errors,
			onFirst(f.name+"-given-up", f.name, eventsDropped, f.dropped),
			late,
			lasting(f.name+"-throttles", f.name, throttles, f.throttles),
			onFirst(f.name+"-destination", f.name, destinationFailed, f.destination),
		} {
			a.disabled = a.disabled || f.disabled || a.Summary == ""
			rows = append(rows, a)
		}
	}
	return rows
}
