// Package evaluation models how CloudWatch evaluates a metric alarm: which points it looks at, what it makes of those
// that are missing, and metric math. It knows what AWS documents, and leaves open what AWS does not: a test that wants
// to be right about an alarm runs it with every answer to the open questions (see Model).
package evaluation

// State is the state of an alarm.
type State string

// The states of an alarm. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
const (
	OK               State = "OK"
	Alarm            State = "ALARM"
	InsufficientData State = "INSUFFICIENT_DATA"
)

// What an alarm makes of missing points (TreatMissingData).
const (
	Missing      = "missing"
	Ignore       = "ignore"
	Breaching    = "breaching"
	NotBreaching = "notBreaching"
)

// The points of an evaluation range, spelt as AWS's page does.
const (
	within = '0' // the threshold
	beyond = 'X'
	absent = '-'
)

// next is the state after an evaluation of the points, the newest last, of which there are more than the alarm's
// evaluation periods. An alarm needs `datapoints` breaching ones of `periods`.
//
// CloudWatch looks at the newest real points, as many as there are periods, however far back in the range they lie.
// Only where the range has fewer does the setting for missing points count.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func next(points []rune, periods, datapoints int, missing string, current State) State {
	real, breaching := 0, 0
	oldest := 0 // breaching point: its age, 1 for the newest
	for age := 1; age <= len(points) && real < periods; age++ {
		switch points[len(points)-age] {
		case within:
			real++
		case beyond:
			real, breaching, oldest = real+1, breaching+1, age
		}
	}
	filled := periods - real
	switch {
	case breaching >= datapoints:
		return Alarm
	case filled == 0:
		return OK
	case missing == NotBreaching:
		return OK
	case missing == Breaching:
		if breaching+filled >= datapoints {
			return Alarm
		}
		return OK
	case real > breaching: // a real point is within the threshold
		return OK
	case missing == Ignore:
		return current
	case oldest >= datapoints: // the "premature alarm state" of AWS's page
		return Alarm
	default:
		return InsufficientData
	}
}
