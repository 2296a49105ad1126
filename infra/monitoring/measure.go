package monitoring

import (
	"fmt"
	"strings"
)

// series is one metric of one part of the stack.
type series struct {
	id     string // in the measure's expression
	Source string // a key of the sources
	Metric Metric
}

// Measure is what an alarm compares with its threshold, and what a line of the dashboard draws: a metric as it is, or
// metric math over several.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
type Measure struct {
	Series     []series
	expression string // over the ids; empty: the one metric as it is
	whole      string // of a share: the id of what it is a share of
	since      string // what the expression's word `since` is the creation of: a key of the sources
	text       string // for the documentation, in Markdown
	condition  string // in addition to the threshold, in the same way
	Unit       string // empty: a count
}

// plain is a metric that is published every minute. Where it is not, an alarm looks further back.
func plain(source string, m Metric) Measure {
	return Measure{Series: []series{{"m", source, m}}, text: code(m.Name), Unit: m.unit}
}

// sparse is a metric that is published only when something happens, and 0 otherwise. Without the zeros an alarm would
// evaluate its last points again, for as long as they lie in its evaluation range, which is longer than its periods: it
// would stay in alarm for hours, and hear of no second incident.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func sparse(source string, m Metric) Measure {
	all := plain(source, m)
	all.expression = "FILL(m, 0)"
	return all
}

// pulse is a metric that has to come, such as the invocations of a heartbeat: 1 where it does, and before what sends it
// was there; 0 elsewhere. EPOCH has every point, and an operator takes a missing one for 0, so that this does not depend
// on what FILL makes of a metric without a single point.
func pulse(source string, m Metric, since string) Measure {
	all := plain(source, m)
	all.expression, all.since = "IF(EPOCH(m) < since || m > 0, 1, 0)", since
	return all
}

// share is a gauge in percent of another.
func share(source string, part, whole Metric) Measure {
	return Measure{
		Series:     []series{{"part", source, part}, {"whole", source, whole}},
		expression: "100 * part / whole",
		whole:      "whole",
		text:       code(part.Name) + " / " + code(whole.Name),
		Unit:       "%",
	}
}

// rate is how many of all attempts fail, in percent, and 0 with fewer failures than `least`: a share of a handful says
// nothing.
func rate(source string, failed, all Metric, least int) Measure {
	return Measure{
		Series:     []series{{"failed", source, failed}, {"attempts", source, all}},
		expression: fmt.Sprintf("IF(FILL(failed, 0) >= %d, 100 * failed / attempts, 0)", least),
		text:       code(failed.Name) + " / " + code(all.Name),
		condition:  fmt.Sprintf("%s ≥ %d", code(failed.Name), least),
		Unit:       "%",
	}
}

// total is two counts together.
func total(source string, a, b Metric) Measure {
	return Measure{
		Series:     []series{{"a", source, a}, {"b", source, b}},
		expression: "a + b",
		text:       code(a.Name) + " + " + code(b.Name),
	}
}

// label is the text in ASCII, for CloudWatch.
func (m Measure) label() string {
	return strings.TrimSpace(strings.ReplaceAll(m.text, "`", "") + " " + strings.ReplaceAll(m.Unit, "µ", "u"))
}

func code(name string) string { return "`" + name + "`" }
