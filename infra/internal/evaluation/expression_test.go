package evaluation

import (
	"go/parser"
	"math"
	"slices"
	"testing"
)

// compute is the value of metric math.
func (e *expression) compute(text string) ([]float64, error) {
	parsed, err := parser.ParseExpr(text)
	if err != nil {
		return nil, err
	}
	return e.value(parsed)
}

// same compares series, in which a missing point equals a missing point.
func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

// TestDocumentedExamplesOfMetricMathComeOutAsDocumented holds the examples of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html.
func TestDocumentedExamplesOfMetricMathComeOutAsDocumented(t *testing.T) {
	compared := map[string][]float64{"metric1": {30, 20, 0, 0}, "metric2": {20, none, 20, none}}
	chosen := map[string][]float64{
		"metric1": {1, 1, 0, 0, none}, "metric2": {30, none, 0, 0, 30}, "metric3": {0, 0, 20, none, 20}}
	for _, test := range []struct {
		series map[string][]float64
		text   string
		want   []float64
	}{
		{compared, "metric1 < metric2", []float64{0, 0, 1, 0}},
		{compared, "metric1 >= 30", []float64{1, 0, 0, 0}},
		{compared, "metric1 > 15 && metric2 > 15", []float64{1, 0, 0, 0}},

		{chosen, "IF(metric1, metric2, metric3)", []float64{30, 0, 20, none, none}},
		{chosen, "IF(metric1, 5, metric3)", []float64{5, 5, 20, none, none}},
		{chosen, "IF(metric1, metric2, 5)", []float64{30, 0, 5, 5, none}},
		{chosen, "IF(metric1, metric2)", []float64{30, 0, none, none, none}},

		// "Missing values in a time series are treated as 0. If the value of a data point causes a function to attempt to
		// divide by zero, the data point is dropped."
		{compared, "metric1 + metric2", []float64{50, 20, 20, 0}},
		{compared, "metric1 / metric2", []float64{1.5, none, 0, none}},
		{compared, "100 * metric2", []float64{2000, none, 2000, none}},
		{compared, "FILL(metric2, 7)", []float64{20, 7, 20, 7}},
		{compared, "EPOCH(metric2)", []float64{0, 60, 120, 180}},
	} {
		e := &expression{series: test.series}
		for i := range test.want {
			e.times = append(e.times, 60*i)
		}
		got, err := e.compute(test.text)
		if err != nil || !same(got, test.want) {
			t.Errorf("%s is %v, want %v; %v", test.text, got, test.want, err)
		}
	}
}

func TestFillOfASeriesWithoutPointsIsOpen(t *testing.T) {
	for fillsEmpty, want := range map[bool][]float64{true: {0, 0}, false: {none, none}} {
		e := &expression{series: map[string][]float64{"m": {none, none}}, times: []int{0, 60}, fillsEmpty: fillsEmpty}
		if got, err := e.compute("FILL(m, 0)"); err != nil || !same(got, want) {
			t.Errorf("%v: %v, %v", fillsEmpty, got, err)
		}
	}
}

func TestWhatIsNotModelledIsRefused(t *testing.T) {
	e := &expression{series: map[string][]float64{"m": {1}}, times: []int{0}}
	for _, text := range []string{"", "m +", "unknown", "5", "SUM(m)", "FILL(m, REPEAT)", "IF(1, m, 0)", "m % 2", "m[0]", "m.x()"} {
		if got, err := e.compute(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
