package infra

import (
	"slices"

	"scheduled-messages/lambda/message"
)

// alarms is the table: every alarm of a stack with the configuration. Thresholds are the configuration's or follow
// from it; the others are "from the first one", which leaves nothing to configure.
func alarms(c *Config) []alarm {
	table := slices.Concat(letterAlarms(), scheduleAlarms(), functionAlarms(c), pathAlarms(), poolAlarms(c), databaseAlarms(c), externalAlarms(c))
	return slices.DeleteFunc(table, func(a alarm) bool { return a.unless })
}

func letterAlarms() []alarm {
	return []alarm{
		{name: "undelivered-letters", of: "undelivered", metric: lettersVisible, threshold: 1,
			period: 60, datapoints: 1, periods: 1, missing: stays,
			meaning: "Scheduler could not hand a message to the sender; it waits in the queue undelivered, for 14 days.",
			remedy:  "Read the letter's attributes ERROR_CODE and ERROR_MESSAGE (no permission, no function, throttled), mend the cause, send it again."},
		{name: "unwritten-letters", of: "unwritten", metric: lettersVisible, threshold: 1,
			period: 60, datapoints: 1, periods: 1, missing: stays,
			meaning: "The updater could not write a status in three tries; the record waits in the queue unwritten, for 14 days. The message itself was handled.",
			remedy:  "Read the letter's reason and the updater's log, mend the database's path, send the record to the updater again."},
	}
}

func scheduleAlarms() []alarm {
	return []alarm{
		{name: "schedules-dropped", of: "schedules", metric: scheduleDropped, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Scheduler gave a schedule up after its retries.",
			remedy:  "The message is in undelivered, unless its schedule names no dead-letter queue: then it is lost, and the backend has to set one."},
		{name: "schedules-lost", of: "schedules", metric: scheduleLost, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Scheduler could neither invoke the sender nor write to undelivered: a message is lost.",
			remedy:  "Check that the scheduler's role may send to the queue and use the key; find the message by its schedule's time in the backend."},
		{name: "schedules-failing", of: "schedules", metric: scheduleErrors, threshold: 1,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "Invoking the sender has failed for a quarter of an hour; Scheduler tries again.",
			remedy:  "Check that the scheduler's role may invoke the sender, and that the function is there and active."},
		{name: "schedules-throttled", of: "schedules", metric: scheduleThrottled, threshold: 1,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "Lambda has refused Scheduler's calls for a quarter of an hour, because there are too many; messages are late.",
			remedy:  "Spread the schedules (flexible time windows), or raise Lambda's quota of concurrent executions."},
	}
}

// functionAlarms: an asynchronous invocation is tried again by Lambda, so one failure wakes nobody. As many failures
// as one event has tries, within the ten minutes that those take, do.
func functionAlarms(c *Config) []alarm {
	return []alarm{
		{name: "sender-errors", of: "sender", metric: functionErrors, threshold: float64(1 + c.MaxRetries),
			period: 600, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Deliveries fail, as often as one message is tried or more.",
			remedy:  "Read the sender's log for the errors: the channel is down, refuses the credentials, or is throttled."},
		{name: "updater-errors", of: "updater", metric: functionErrors, threshold: 1 + updaterRetries,
			period: 600, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Statuses fail to be written, as often as one record is tried or more.",
			remedy:  "Read the updater's log for the errors: the pool, the password, the endpoint of Secrets Manager."},
		{name: "migrator-errors", of: "migrator", metric: functionErrors, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Making the schema or the application's user failed.",
			remedy:  "The migrator's log and pulumi up say why; pulumi up runs it again."},
		{name: "rotator-errors", of: "rotator", metric: functionErrors, threshold: 1, unless: c.RotationDays == 0,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "A step of a password's rotation failed, or the current passwords do not open the database.",
			remedy:  "Read the rotator's log; Secrets Manager tries a rotation again by itself, and rotate-secret does at once."},
		{name: "sender-given-up", of: "sender", metric: eventsDropped, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "A message was given up after its retries or its age; its row is FAILED, with the reason.",
			remedy:  "Read last_error; when the channel is well again, schedule the message anew."},
		{name: "sender-late", of: "sender", metric: eventAge, threshold: float64(c.MaxEventAgeSeconds) * 1000 / 2,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "A message has waited for half of maxEventAgeSeconds; after all of it Lambda gives it up.",
			remedy:  "Throttles: raise Lambda's quota of concurrent executions. Errors: see the sender's log."},
		{name: "updater-late", of: "updater", metric: eventAge, threshold: updaterEventAgeSeconds * 1000 / 2,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "A status has waited for three hours; after six Lambda moves it to unwritten.",
			remedy:  "Throttles: raise Lambda's quota of concurrent executions. Errors: see the updater's log."},
		{name: "sender-throttles", of: "sender", metric: throttles, threshold: 1,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "Lambda has had no room for the sender for a quarter of an hour; messages are late, not lost.",
			remedy:  "Raise the account's quota of concurrent executions, or spread the schedules."},
		{name: "updater-throttles", of: "updater", metric: throttles, threshold: 1,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "Lambda has had no room for the updater for a quarter of an hour; statuses are late, not lost.",
			remedy:  "Raise the account's quota of concurrent executions, or spread the schedules."},
		{name: "sender-destination", of: "sender", metric: destinationFailed, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Lambda could not hand the sender's result to the updater: the message may have left, and its row does not say so.",
			remedy:  "Check that the sender's role may invoke the updater; set the row by hand from the sender's log."},
		{name: "updater-destination", of: "updater", metric: destinationFailed, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "Lambda could not write a record to unwritten: a status is lost.",
			remedy:  "Check that the updater's role may send to the queue and use the key; set the row by hand from the sender's log."},
		{name: "subscribers-failed", of: "messages", metric: topicFailed, threshold: 1, unless: !c.Sends(message.SNS),
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "SNS could not deliver a published message to a subscriber; its row is SENT all the same.",
			remedy:  "Look at the topic's subscriptions: an endpoint is gone or refuses."},
	}
}

// pathAlarms watch the way to the database while there is no message to show that it is broken.
func pathAlarms() []alarm {
	return []alarm{
		// Two: one heartbeat may fall into a failover, and the first of a new stack comes before its tables.
		{name: "unhealthy", of: "log", metric: unhealthy, threshold: 2,
			period: 2*3600 + 600, datapoints: 1, periods: 1, missing: quiet,
			meaning: "The updater cannot ask the database: two heartbeats, or queries, came back unhealthy.",
			remedy:  "Invoke it with {} and read the error: the secret's endpoint, the password, the proxy's target, the database."},
		{name: "heartbeat", of: "updater", metric: invocations, threshold: 1, below: true,
			period: 3 * 3600, datapoints: 1, periods: 1, missing: rings,
			meaning: "Nothing has invoked the updater for three hours, although the heartbeat does every hour.",
			remedy:  "Check the heartbeat's schedule and role, and the function's state. On a new stack it rings until the first heartbeat."},
	}
}
