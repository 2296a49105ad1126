package infratest

import (
	"fmt"

	"scheduled-messages/infra/monitoring"
)

// Number is a number among the inputs.
func (r *Resource) Number(property string) string {
	value, _ := r.Value(property)
	return monitoring.Number(value.NumberValue())
}

// Looked is a metric that an alarm looks at.
type Looked struct {
	ID, Namespace, Name, Stat string
	Period                    int               // seconds
	Dimensions                map[string]string // by name
	Input                     string            // of the alarm, that holds it
}

// LooksAt are the metrics of an alarm: its one, or those of its expression.
func (r *Resource) LooksAt() (all []Looked) {
	read := func(path, stat, input string) Looked {
		period, _ := r.Value(path + "period")
		m := Looked{"m", r.Text(path + "namespace"), r.Text(path + "metricName"), r.Text(path + stat), int(period.NumberValue()), nil, input}
		if dimensions, ok := r.Value(path + "dimensions"); ok {
			m.Dimensions = map[string]string{}
			for dimension, value := range dimensions.ObjectValue() {
				m.Dimensions[string(dimension)] = value.StringValue()
			}
		}
		return m
	}
	if r.Text("metricName") != "" {
		return []Looked{read("", "statistic", "dimensions")}
	}
	for i := 0; r.Text(fmt.Sprintf("metricQueries[%d].id", i)) != ""; i++ {
		if path := fmt.Sprintf("metricQueries[%d].", i); r.Text(path+"metric.metricName") != "" {
			m := read(path+"metric.", "stat", "metricQueries")
			m.ID = r.Text(path + "id")
			all = append(all, m)
		}
	}
	return all
}

// Expression is the metric math that an alarm watches, or "".
func (r *Resource) Expression() string {
	for i := 0; r.Text(fmt.Sprintf("metricQueries[%d].id", i)) != ""; i++ {
		if path := fmt.Sprintf("metricQueries[%d].", i); r.Text(path+"returnData") == "true" {
			return r.Text(path + "expression")
		}
	}
	return ""
}

// TagsAt are the tags in an input.
func (r *Resource) TagsAt(path string) map[string]string {
	value, ok := r.Value(path)
	if !ok || !value.IsObject() {
		return nil
	}
	all := map[string]string{}
	for key := range value.ObjectValue() {
		all[string(key)] = r.Text(path + "." + string(key))
	}
	return all
}
