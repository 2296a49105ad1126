package monitoring

import "scheduled-messages/infra/config"

// The errors of a function that is invoked as often as there are messages fire an alarm by their share, because an
// asynchronous invocation is tried again by Lambda. They have to be a few, so that one in a quiet hour does not: a
// message that fails in all its tries is given up, and has an alarm by that.
const (
	failureShare = 5 // percent
	failureLeast = 5
)

// functionAlarms are made from the table of functions.
func functionAlarms(c *config.Config) []alarm {
	var rows []alarm
	for _, f := range config.Functions {
		errors := onFirst(f.Name+"-errors", f.Name, FunctionErrors, f.Alarms.Errors)
		if f.Alarms.Rated {
			errors.Measure = rate(f.Name, FunctionErrors, invocations, failureLeast)
			errors.Threshold, errors.Fires = failureShare, 10
		}
		late := onFirst(f.Name+"-late", f.Name, eventAge, f.Alarms.Late)
		late.Threshold = float64(lateAfter(c, f)) * 1000
		late.disabled = late.Threshold == 0
		for _, a := range []alarm{
			errors,
			onFirst(f.Name+"-given-up", f.Name, eventsDropped, f.Alarms.GivenUp),
			late,
			lasting(f.Name+"-throttles", f.Name, throttles, f.Alarms.Throttles),
			onFirst(f.Name+"-destination", f.Name, destinationFailed, f.Alarms.Destination),
		} {
			a.disabled = a.disabled || !f.In(c) || a.Summary == ""
			rows = append(rows, a)
		}
	}
	return rows
}

// lateAfter is the age in seconds at which an event is late; 0: there is no such age, because a mere retry would be as old, and
// what is too late is given up soon.
func lateAfter(c *config.Config, f config.Function) int {
	if f.Async == nil {
		return 0
	}
	half := f.Async.MaxEventAgeSeconds(c) / 2
	if half <= f.RetrySeconds(f.Async.Retries(c)) {
		return 0
	}
	return half
}
