package evaluation

// minute is what CloudWatch keeps of a minute's samples.
type minute struct {
	count         int
	sum, low, top float64
}

// reader reads one point: the statistic over the minutes from begin to before end, of those that are seen now.
type reader func(q Query, begin, end, now int) float64

// reader asks the world once for each minute, and computes each point that is wholly seen once.
func (m Model) reader(d Definition, world World, from, to int) reader {
	first := from - (d.Periods+m.Further)*d.Period
	kept, points := map[string][]minute{}, map[string]map[int]float64{}
	for _, q := range d.Queries {
		minutes := make([]minute, to-first)
		if samples := world[q.Metric]; samples != nil {
			for i := range minutes {
				minutes[i] = summary(samples(first + i))
			}
		}
		kept[q.ID], points[q.ID] = minutes, map[int]float64{}
	}
	return func(q Query, begin, end, now int) float64 {
		seen := now - m.Delay // the first minute whose samples are not seen yet
		if value, known := points[q.ID][begin]; known && end <= seen {
			return value
		}
		var all minute
		for _, one := range kept[q.ID][begin-first : max(begin, min(end, seen))-first] {
			all = all.and(one)
		}
		value := all.statistic(q.Stat)
		if end <= seen {
			points[q.ID][begin] = value
		}
		return value
	}
}

func summary(samples []float64) minute {
	var all minute
	for _, x := range samples {
		all = all.and(minute{1, x, x, x})
	}
	return all
}

func (m minute) and(other minute) minute {
	switch {
	case m.count == 0:
		return other
	case other.count == 0:
		return m
	}
	return minute{m.count + other.count, m.sum + other.sum, min(m.low, other.low), max(m.top, other.top)}
}

func (m minute) statistic(name string) float64 {
	if m.count == 0 {
		return none
	}
	return statistics[name](m)
}

// statistics are those that the model knows.
var statistics = map[string]func(minute) float64{
	"Sum":     func(m minute) float64 { return m.sum },
	"Average": func(m minute) float64 { return m.sum / float64(m.count) },
	"Maximum": func(m minute) float64 { return m.top },
	"Minimum": func(m minute) float64 { return m.low },
}
