package infra

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// bodyOf reads the dashboard as AWS is given it, and refuses what is not in the documented structure.
func bodyOf(t *testing.T, s *stub) dashboard {
	t.Helper()
	var body dashboard
	decoder := json.NewDecoder(bytes.NewReader([]byte(s.one(t, "monitoring-dashboard").text("dashboardBody"))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		t.Fatal(err)
	}
	return body
}

func TestEveryMetricOnTheDashboardIsOfAResourceOfThisStack(t *testing.T) {
	for mode, s := range alarmModes(t) {
		for _, w := range bodyOf(t, s).Widgets {
			if w.Type != "metric" {
				continue
			}
			metrics := w.Properties["metrics"].([]any)
			if len(metrics) == 0 {
				t.Errorf("%s: %v is empty", mode, w.Properties["title"])
			}
			for _, m := range metrics {
				entry := m.([]any) // namespace, metric, dimension, value, ..., rendering
				rendering, _ := entry[len(entry)-1].(map[string]any)
				if len(entry)%2 == 0 || rendering["label"] == "" || rendering["stat"] == "" {
					t.Errorf("%s: %v: %v", mode, w.Properties["title"], entry)
					continue
				}
				if len(entry) == 3 && entry[0] != s.prefix(t) {
					t.Errorf("%s: %v has no dimension: it is the whole account's", mode, entry)
				}
				for i := 2; i < len(entry)-1; i += 2 {
					dimension, value := entry[i].(string), entry[i+1].(string)
					if dimension != "Role" && s.physical(dimension, value) == nil {
						t.Errorf("%s: %v: nobody made the %s %q", mode, w.Properties["title"], dimension, value)
					}
				}
			}
		}
	}
}

func TestDashboardShowsEveryAlarmAndDrawsThresholdsWhereItsMetricIs(t *testing.T) {
	for mode, s := range alarmModes(t) {
		var arns []string
		thresholds := map[string]*registered{}
		for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			arns = append(arns, "arn:aws:service:us-east-1:111122223333:"+a.name)
			thresholds[strings.TrimPrefix(a.name, "monitoring-")] = a
		}
		for _, w := range bodyOf(t, s).Widgets {
			if w.Type == "alarm" {
				var shown []string
				for _, arn := range w.Properties["alarms"].([]any) {
					shown = append(shown, arn.(string))
				}
				slices.Sort(arns)
				slices.Sort(shown)
				if !slices.Equal(shown, arns) || len(shown) > 100 {
					t.Errorf("%s: shown are %v, made %v", mode, shown, arns)
				}
				arns = nil
			}
			annotations, _ := w.Properties["annotations"].(map[string]any)
			lines, _ := annotations["horizontal"].([]any)
			for _, line := range lines {
				limit := line.(map[string]any)
				a := thresholds[limit["label"].(string)]
				if a == nil || number(limit["value"].(float64)) != a.number("threshold") {
					t.Errorf("%s: %v draws %v", mode, w.Properties["title"], limit)
					continue
				}
				if !slices.ContainsFunc(w.Properties["metrics"].([]any), func(m any) bool { return m.([]any)[1] == a.text("metricName") }) {
					t.Errorf("%s: %v draws the threshold of %s, which it does not show", mode, w.Properties["title"], a.text("metricName"))
				}
			}
		}
		if arns != nil {
			t.Errorf("%s: no widget shows the alarms", mode)
		}
	}
}

// number is a number among the inputs.
func (r *registered) number(property string) string {
	value, _ := r.value(property)
	return number(value.NumberValue())
}

func TestDashboardTellsAMessagesWayFromLeftToRight(t *testing.T) {
	namespaces := map[string]int{} // the leftmost column of each service
	var headings []string
	for _, w := range bodyOf(t, deployed(t)).Widgets {
		if w.Type == "text" {
			headings = append(headings, strings.Fields(w.Properties["markdown"].(string))[2])
			if len(headings) > 1 && w.X == 0 {
				t.Errorf("%v is not to the right of the one before", w.Properties["markdown"])
			}
		}
		if w.Type != "metric" || w.Y < 5 {
			continue
		}
		first := w.Properties["metrics"].([]any)[0].([]any)
		at := first[0].(string) + " " + first[len(first)-2].(string)
		if x, seen := namespaces[at]; !seen || w.X < x {
			namespaces[at] = w.X
		}
	}
	if want := []string{"Scheduled", "Sent", "Written", "Pool", "Database"}; !slices.Equal(headings, want) {
		t.Errorf("it tells %v", headings)
	}
	s := deployed(t)
	prefix := s.prefix(t)
	way := []string{"AWS/Scheduler schedule-messages-1a2b3c4", "AWS/Lambda " + prefix + "-sender", "AWS/Lambda " + prefix + "-updater",
		"AWS/RDS " + prefix, "AWS/RDS WRITER"}
	for i := 1; i < len(way); i++ {
		if namespaces[way[i-1]] >= namespaces[way[i]] {
			t.Errorf("%s stands at %d, %s at %d; all: %v", way[i-1], namespaces[way[i-1]], way[i], namespaces[way[i]], slices.Sorted(maps.Keys(namespaces)))
		}
	}
}

func TestLogsOnTheDashboardAreOfThisStack(t *testing.T) {
	s := deployed(t)
	read := map[string]bool{}
	for _, w := range bodyOf(t, s).Widgets {
		if w.Type != "log" {
			continue
		}
		query := w.Properties["query"].(string)
		groups := 0
		for _, group := range s.of(t, "cloudwatch/logGroup:LogGroup") {
			named := strings.Count(query, "SOURCE '"+group.text("name")+"' | ")
			read[group.name] = read[group.name] || named > 0
			groups += named
		}
		if groups == 0 || groups != strings.Count(query, "SOURCE ") || strings.Contains(query, "%!") {
			t.Errorf("%v reads %s", w.Properties["title"], query)
		}
	}
	for _, function := range s.of(t, "lambda/function:Function") {
		if !read[function.name+"-log"] {
			t.Errorf("the dashboard does not show the words of %s", function.name)
		}
	}
}

// TestEveryLogWidgetAsksWhatItsTitleSays compares whole queries: a fragment does not show that a column counts another's
// lines.
func TestEveryLogWidgetAsksWhatItsTitleSays(t *testing.T) {
	s := deployed(t)
	want := map[string]string{
		"Statuses written, in 15 minutes": `SOURCE '/aws/lambda/PREFIX-updater' | filter msg = "done" and ispresent(status)
| stats sum(strcontains(status, "SENT")) as SENT, sum(strcontains(status, "FAILED")) as FAILED by bin(15m)`,
		"Last errors": `SOURCE '/aws/lambda/PREFIX-migrator' | SOURCE '/aws/lambda/PREFIX-rotator' | ` +
			`SOURCE '/aws/lambda/PREFIX-sender' | SOURCE '/aws/lambda/PREFIX-updater' | fields @timestamp, msg, messageId, error
| filter level = "ERROR"
| sort @timestamp desc
| limit 20`,
	}
	got := map[string]string{}
	for _, w := range bodyOf(t, s).Widgets {
		if w.Type == "log" {
			got[w.Properties["title"].(string)] = strings.ReplaceAll(w.Properties["query"].(string), s.prefix(t), "PREFIX")
		}
	}
	for title, query := range want {
		if got[title] != query {
			t.Errorf("%s:\n%s\nwant:\n%s", title, got[title], query)
		}
		delete(got, title)
	}
	if len(got) > 0 {
		t.Errorf("widgets whose query nobody compares: %v", got)
	}
}
