package evaluation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"math"
)

// Query is one metric that an alarm reads.
type Query struct {
	ID     string // in the alarm's expression
	Metric string // a key of the World
	Stat   string // Sum, Average, Maximum or Minimum
}

// Definition is an alarm as PutMetricAlarm takes it, of a period of a minute or more.
type Definition struct {
	Queries             []Query
	Expression          string // empty: the one query as it is
	Period              int    // minutes
	Periods, Datapoints int
	Comparison          string
	Threshold           float64
	MissingData         string
}

// World is what is published: by metric, the samples of each minute since 1970.
type World map[string]func(minute int) []float64

// Model are the answers to what AWS leaves open.
type Model struct {
	// Further is how many points more than its evaluation periods an alarm retrieves. AWS's one example has 5 for 3
	// periods of 5 minutes; users saw an alarm with one period of a day change 3 to 4 days late.
	Further int
	// Delay is how many minutes a sample takes to be seen.
	Delay int
	// FillsEmpty: FILL makes points of a series that has none in the range.
	FillsEmpty bool
}

// Change is an evaluation after which the state is another one.
type Change struct {
	Minute int
	State  State
}

// Watch makes the alarm at the minute `from`, evaluates it each minute until `to`, and returns its changes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
func (m Model) Watch(d Definition, world World, from, to int) ([]Change, error) {
	if d.Period*d.Periods > 24*60 {
		return nil, fmt.Errorf("%d periods of %d minutes: alarms of more than a day are evaluated once an hour, which is not modelled",
			d.Periods, d.Period)
	}
	for _, q := range d.Queries {
		if statistics[q.Stat] == nil {
			return nil, fmt.Errorf("the statistic %s is not modelled", q.Stat)
		}
	}
	var parsed ast.Expr
	if d.Expression != "" {
		var err error
		if parsed, err = parser.ParseExpr(d.Expression); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Expression, err)
		}
	}
	state, changes := InsufficientData, []Change(nil)
	read := m.reader(d, world, from, to)
	for now := from; now < to; now++ {
		values, err := m.values(d, parsed, read, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Expression, err)
		}
		points := make([]rune, len(values))
		for i, value := range values {
			if points[i], err = d.judge(value); err != nil {
				return nil, err
			}
		}
		if s := next(points, d.Periods, d.Datapoints, d.MissingData, state); s != state {
			state = s
			changes = append(changes, Change{now, s})
		}
	}
	return changes, nil
}

// values are the points of the evaluation range that ends now, the newest last.
func (m Model) values(d Definition, parsed ast.Expr, read reader, now int) ([]float64, error) {
	count := d.Periods + m.Further
	e := &expression{series: map[string][]float64{}, fillsEmpty: m.FillsEmpty}
	for i := range count {
		e.times = append(e.times, 60*(now-(count-i)*d.Period))
	}
	for _, q := range d.Queries {
		points := make([]float64, count)
		for i := range points {
			begin := now - (count-i)*d.Period
			points[i] = read(q, begin, begin+d.Period, now)
		}
		e.series[q.ID] = points
	}
	if parsed == nil {
		return e.series[d.Queries[0].ID], nil
	}
	return e.value(parsed)
}

func (d Definition) judge(value float64) (rune, error) {
	if math.IsNaN(value) {
		return absent, nil
	}
	var beyondThreshold bool
	switch d.Comparison {
	case "GreaterThanOrEqualToThreshold":
		beyondThreshold = value >= d.Threshold
	case "LessThanThreshold":
		beyondThreshold = value < d.Threshold
	default:
		return 0, fmt.Errorf("the comparison %s is not modelled", d.Comparison)
	}
	if beyondThreshold {
		return beyond, nil
	}
	return within, nil
}
