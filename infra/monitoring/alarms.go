package monitoring

import (
	"fmt"
	"slices"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/delivery"
)

// Alarms is the table: every alarm of a stack with the configuration. Thresholds are the configuration's or follow
// from it; the others are "from the first one", which leaves nothing to configure.
func Alarms(c *config.Config) []alarm {
	table := slices.Concat(deadLetterAlarms(), scheduleAlarms(), functionAlarms(c), topicAlarms(c),
		rowAlarms(c), pathAlarms(), poolAlarms(c), databaseAlarms(c), externalAlarms(c))
	return slices.DeleteFunc(table, func(a alarm) bool { return a.disabled })
}

// counting is an alarm on something that is counted when it happens.
func counting(name, source string, m Metric, text config.AlarmText) alarm {
	return alarm{
		Name:    name,
		Measure: sparse(source, m), Threshold: 1, missing: missingNotBreaching,
		Summary: text.Summary, Runbook: text.Runbook,
	}
}

// onFirst is an alarm on something that should not happen at all: one in ten minutes fires it.
func onFirst(name, source string, m Metric, text config.AlarmText) alarm {
	a := counting(name, source, m, text)
	a.period, a.datapoints, a.periods = 600, 1, 1
	a.Fires, a.Clears = 5, 10
	return a
}

// lasting is an alarm on what is no trouble in a burst: most minutes of a quarter of an hour fire it.
func lasting(name, source string, m Metric, text config.AlarmText) alarm {
	a := counting(name, source, m, text)
	a.period, a.datapoints, a.periods = 60, 8, 15
	a.Fires, a.Clears = 15, 10
	return a
}

// deadLetterAlarms count what is in flight as well: whoever reads the queue hides its messages for a while. Five minutes
// without a message clear them, because both numbers are approximate, and may miss a message that changes from one to
// the other. SQS stops publishing the metrics of a queue that nobody has used for six hours, messages or not, and
// takes up to 15 minutes to begin again: hence missingIgnore, and the time to fire.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
func deadLetterAlarms() []alarm {
	row := func(queue, was, summary, runbook string) alarm {
		return alarm{
			Name: queue + "-messages", was: was,
			Measure:   total(queue, messagesVisible, messagesInFlight),
			Threshold: 1,
			period:    60, datapoints: 1, periods: 5, missing: missingIgnore,
			Fires: 20, Clears: 10,
			Summary: summary, Runbook: runbook,
		}
	}
	return []alarm{
		row("undelivered", "undelivered-letters",
			"Scheduler could not hand a message to the sender: a dead-letter message is in the queue undelivered, for 14 days.",
			"Read why (go run ./infra/deadletters list): no permission, no function, throttled. Fix the cause, then resend."),
		row("unwritten", "unwritten-letters",
			"The updater could not write a status in three tries: the record is in the queue unwritten, for 14 days. "+
				"The message itself was handled.",
			"Read why (go run ./infra/deadletters list) and the updater's log, fix the way to the database, then resend."),
	}
}

func scheduleAlarms() []alarm {
	return []alarm{
		onFirst("schedules-dropped", "schedules", scheduleDropped, config.AlarmText{
			Summary: "Scheduler gave a schedule up after its retries.",
			Runbook: "The message is in undelivered, unless its schedule names no dead-letter queue: then it is lost, and the backend " +
				"has to set one.",
		}),
		onFirst("schedules-lost", "schedules", scheduleLost, config.AlarmText{
			Summary: "Scheduler could neither invoke the sender nor write to undelivered: a message is lost.",
			Runbook: "Check that the scheduler's role may send to the queue and use the key; find the message by its schedule's time " +
				"in the backend.",
		}),
		{
			Name:      "schedules-failing",
			Measure:   rate("schedules", ScheduleErrors, scheduleAttempts, 3),
			Threshold: failureShare,
			period:    900, datapoints: 1, periods: 1, missing: missingNotBreaching,
			Fires: 10, Clears: 15,
			Summary: "Scheduler's calls of the sender fail: 5 % or more of those in 15 minutes, and three at least. " +
				"Scheduler tries again.",
			Runbook: "Check that the scheduler's role may invoke the sender, and that the function is there and active.",
		},
		lasting("schedules-throttled", "schedules", scheduleThrottled, config.AlarmText{
			Summary: "Scheduler has held invocations back for most of a quarter of an hour, because the account exceeds Scheduler's " +
				"own quota; messages are late.",
			Runbook: "Spread the schedules (flexible time windows), or raise Scheduler's quota of invocations per second (Service " +
				"Quotas).",
		}),
	}
}

// unanswered is an alarm on a database that a function cannot ask. It takes two: one heartbeat may fall into a failover,
// or come before a new proxy is available.
func unanswered(name string, m Metric, text config.AlarmText) alarm {
	return alarm{
		Name:      name,
		Measure:   sparse("log", m),
		Threshold: 2,
		period:    2*3600 + 600, datapoints: 1, periods: 1, missing: missingNotBreaching,
		Fires: 130, Clears: 135,
		Summary: text.Summary, Runbook: text.Runbook,
	}
}

// pathAlarms watch the way to the database while there is no message to show that it is broken.
func pathAlarms() []alarm {
	return []alarm{
		unanswered("unhealthy", unhealthy, config.AlarmText{
			Summary: "The updater cannot ask the database: two answers to heartbeats within 130 minutes were unhealthy. Statuses may " +
				"not be written.",
			Runbook: "Invoke it with {} and read the error: the secret's endpoint, the password, the proxy's target, the database.",
		}),
		unanswered("status-unhealthy", statusUnhealthy, config.AlarmText{
			Summary: "The function status cannot ask the database: two answers to heartbeats or questions within 130 minutes were " +
				"unhealthy.",
			Runbook: "Invoke it with {} and read the error: the reading user's password, the secret's endpoint, the proxy's target, " +
				"the database.",
		}),
		{
			Name:      "heartbeat",
			Measure:   pulse("updater", invocations, "heartbeat"),
			Threshold: 1, below: true,
			period: 3600, datapoints: 3, periods: 3, missing: missingBreaching,
			Fires: 190, Clears: 65,
			Summary: "Nothing has invoked the updater for three hours, although its heartbeat does every hour.",
			Runbook: "Check the heartbeat's schedule and role, and the function's state.",
		},
	}
}

// rowAlarms watch the table itself, for rows of both kinds of backend: whatever is lost on the way to a status shows here. The
// updater's heartbeat counts once an hour, relay each minute; the window is that of the heartbeat, for the time when relay fails.
func rowAlarms(c *config.Config) []alarm {
	late := alarm{
		Name:      "overdue",
		Measure:   sparse("log", overdue),
		Threshold: 1,
		period:    3600 + 600, datapoints: 1, periods: 1, missing: missingNotBreaching,
		Fires: 65, Clears: 75,
		Summary: fmt.Sprintf("A message has no status %d minutes after its time: its row is still SCHEDULED.",
			delivery.OverdueSeconds(c)/60),
		Runbook: "go run ./infra/overdue list says what Scheduler knows of each, and rearm schedules one again.",
	}
	tick := alarm{
		Name:      "tick",
		Measure:   pulse("armer", invocations, "tick"),
		Threshold: 1, below: true,
		period: 300, datapoints: 3, periods: 3, missing: missingBreaching,
		Fires: 20, Clears: 5,
		Summary: "Nothing has invoked armer for a quarter of an hour, although its schedule does every minute: schedules do not " +
			"follow the table.",
		Runbook:  "Check the tick's schedule and role, and the function's state.",
		disabled: !c.Outbox,
	}
	return []alarm{late, tick}
}

// topicAlarms watch the channels with a topic behind the publication, which is all that the sender sees.
func topicAlarms(c *config.Config) (rows []alarm) {
	for _, channel := range config.Channels {
		if channel.Topic == nil {
			continue
		}
		failed := onFirst(channel.Topic.Alarm, channel.Topic.Logical, topicFailed, config.AlarmText{
			Summary: "SNS could not deliver a published message to a subscriber; its row is SENT all the same.",
			Runbook: "Look at the topic's subscriptions: an endpoint is gone or refuses.",
		})
		failed.disabled = !c.Sends(channel.Name)
		rows = append(rows, failed)
	}
	return rows
}
