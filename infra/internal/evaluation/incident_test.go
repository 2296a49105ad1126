package evaluation_test

import (
	"strings"

	"scheduled-messages/infra/internal/infratest"
)

// incident is a trouble that one alarm has to report: what its metrics publish while the cause is there, by their
// names, as a function of the minutes since it began. What is not named goes on as before.
type incident struct {
	long      int // minutes
	publishes func(l demand, a *infratest.Resource) map[string]func(since int) []float64
}

// always publishes the values throughout.
func always(values ...float64) func(int) []float64 { return func(int) []float64 { return values } }

// often publishes one every five minutes.
func often(since int) []float64 {
	if since%5 != 0 {
		return nil
	}
	return []float64{1}
}

// publishing is an incident in which one metric does.
func publishing(long int, metric string, s func(int) []float64) incident {
	return incident{long, func(demand, *infratest.Resource) map[string]func(int) []float64 {
		return map[string]func(int) []float64{metric: s}
	}}
}

// event are those in which something happens that should not, once in a while or every minute.
func event(metric string) []incident {
	return []incident{publishing(60, metric, often), publishing(60, metric, always(1))}
}

// atThreshold is one in which a gauge is at the alarm's threshold.
func atThreshold(long int, metric string) incident {
	return incident{long, func(_ demand, a *infratest.Resource) map[string]func(int) []float64 {
		threshold, _ := a.Value("threshold")
		return map[string]func(int) []float64{metric: always(threshold.NumberValue())}
	}}
}

// failing is one in which every message fails: on an idle stack one a minute, tried three times.
func failing(failed, attempts string, tries ...int) incident {
	return incident{60, func(l demand, a *infratest.Resource) map[string]func(int) []float64 {
		count := func(since int) []float64 {
			n := 0.0
			for _, after := range tries {
				if since >= after {
					n++
				}
			}
			return []float64{n}
		}
		if l == busy {
			return map[string]func(int) []float64{failed: always(20)}
		}
		return map[string]func(int) []float64{failed: count, attempts: count}
	}}
}

// incidents are the troubles by the alarm's name, or by its name behind the last hyphen.
var incidents = map[string][]incident{
	"given-up":             event("AsyncEventsDropped"),
	"destination":          event("DestinationDeliveryFailures"),
	"throttles":            {publishing(60, "Throttles", always(3))},
	"late":                 {atThreshold(60, "AsyncEventAge")},
	"errors":               event("Errors"),
	"sender-errors":        {failing("Errors", "Invocations", 0, 1, 3)},
	"updater-errors":       {failing("Errors", "Invocations", 0, 1, 3)},
	"schedules-failing":    {failing("TargetErrorCount", "InvocationAttemptCount", 0, 1, 3)},
	"schedules-dropped":    event("InvocationDroppedCount"),
	"schedules-lost":       event("InvocationsFailedToBeSentToDeadLetterCount"),
	"schedules-throttled":  {publishing(60, "InvocationThrottleCount", always(3))},
	"subscribers-failed":   event("NumberOfNotificationsFailed"),
	"relay-errors":         {publishing(60, "Errors", always(1))},
	"armer-errors":         {publishing(60, "Errors", always(1))},
	"overdue":              {hourly("Overdue", 3)},
	"tick":                 {publishing(60, "Invocations", always())},
	"heartbeat":            {publishing(8*60, "Invocations", always())},
	"unhealthy":            unanswerable("Unhealthy"),
	"status-unhealthy":     unanswerable("StatusUnhealthy"),
	"pool-pinned":          {publishing(60, "DatabaseConnectionsCurrentlySessionPinned", always(1, 0))},
	"pool-wait":            {atThreshold(60, "DatabaseConnectionsBorrowLatency")},
	"pool-timeouts":        event("BorrowTimeouts"),
	"pool-full":            {publishing(60, "DatabaseConnectionsCurrentlyBorrowed", always(5, 4))},
	"pool-refused":         {publishing(60, "DatabaseConnectionsSetupFailed", always(3))},
	"pool-logins":          {publishing(60, "ClientConnectionsSetupFailedAuth", always(3))},
	"database-connections": {atThreshold(60, "DatabaseConnections")},
	"database-ceiling":     {atThreshold(60, "ServerlessDatabaseCapacity")},
	"database-processor":   {atThreshold(60, "CPUUtilization")},
	"haproxy-down": {
		{60, func(_ demand, a *infratest.Resource) map[string]func(int) []float64 {
			left := always(0)
			if len(a.LooksAt()) == 2 { // with a balancer: one of two is gone
				left = always(1)
			}
			return map[string]func(int) []float64{"GroupInServiceInstances": left}
		}},
		{60, func(_ demand, a *infratest.Resource) map[string]func(int) []float64 {
			if len(a.LooksAt()) == 1 {
				return map[string]func(int) []float64{"GroupInServiceInstances": always(0)}
			}
			return map[string]func(int) []float64{"UnHealthyHostCount": always(1)}
		}},
	},
	"messages": {deadLetterWaits},
}

// hourly is one in which the updater's heartbeat logs a number, as long as it lasts.
func hourly(metric string, value float64) incident {
	return publishing(8*60, metric, func(since int) []float64 {
		if since%60 != 59 {
			return nil
		}
		return []float64{value}
	})
}

// unanswerable is a database that a function cannot ask, for its heartbeats alone and for questions.
func unanswerable(metric string) []incident {
	return []incident{hourly(metric, 1), publishing(60, metric, always(1))}
}

// deadLetterWaits is a dead-letter message in a queue that SQS measures only for six hours after somebody used it, and, if
// nobody had, from 15 minutes later on. After ten hours somebody reads it, and hides it for 15 minutes; when it
// becomes visible again, it is in neither number for a minute.
var deadLetterWaits = incident{14 * 60, func(l demand, _ *infratest.Resource) map[string]func(int) []float64 {
	begins := 15
	if l == busy { // somebody looks into the queue all the time
		begins = 0
	}
	const read, hidden = 600, 15
	state := func(visible bool) func(int) []float64 {
		return func(since int) []float64 {
			reading := since >= read && since < read+hidden
			switch {
			case since < begins, since > 360 && since < read && l == idle:
				return nil
			case since == read+hidden:
				return []float64{0}
			case visible == !reading:
				return []float64{1}
			case visible:
				return []float64{0}
			}
			return nil // the number in flight is published only when there is one
		}
	}
	return map[string]func(int) []float64{
		"ApproximateNumberOfMessagesVisible": state(true), "ApproximateNumberOfMessagesNotVisible": state(false)}
}}

// drained is a queue after its last message was deleted: in use, and empty, for six hours.
func drained(metric string, since int) []float64 {
	if !strings.HasPrefix(metric, "ApproximateNumberOfMessages") || since >= 360 {
		return nil
	}
	return []float64{0}
}

// incidentsOf are those of an alarm, by its name in the table.
func incidentsOf(name string) []incident {
	if all, own := incidents[name]; own {
		return all
	}
	for at := range name {
		if name[at] == '-' && incidents[name[at+1:]] != nil {
			return incidents[name[at+1:]]
		}
	}
	return nil
}
