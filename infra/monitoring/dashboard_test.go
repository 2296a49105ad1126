package monitoring_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
)

func TestEveryMetricOnTheDashboardIsOfAResourceOfThisStack(t *testing.T) {
	for mode, s := range infratest.AlarmModes(t) {
		for _, w := range infratest.BodyOf(t, s).Widgets {
			if w.Type != "metric" {
				continue
			}
			metrics := w.Properties["metrics"].([]any)
			if len(metrics) == 0 {
				t.Errorf("%s: %v is empty", mode, w.Properties["title"])
			}
			for _, m := range metrics {
				entry := m.([]any) // namespace, metric, dimension, value, ..., rendering; or the rendering alone
				rendering, _ := entry[len(entry)-1].(map[string]any)
				switch {
				case len(entry)%2 == 0:
					t.Errorf("%s: %v: %v", mode, w.Properties["title"], entry)
				case len(entry) == 1 && (rendering["label"] == nil || rendering["expression"] == nil):
					t.Errorf("%s: %v: %v is no expression with a label", mode, w.Properties["title"], entry)
				case len(entry) == 1:
					expressions(t, w)
				case rendering["stat"] == nil || rendering["label"] == nil && rendering["visible"] != false:
					t.Errorf("%s: %v: %v", mode, w.Properties["title"], entry)
				case len(entry) == 3 && entry[0] != s.Prefix(t):
					t.Errorf("%s: %v has no dimension: it is the entire account's", mode, entry)
				}
				for i := 2; i < len(entry)-1; i += 2 {
					dimension, value := entry[i].(string), entry[i+1].(string)
					if dimension != "Role" && s.Physical(dimension, value) == nil {
						t.Errorf("%s: %v: nobody made the %s %q", mode, w.Properties["title"], dimension, value)
					}
				}
			}
		}
	}
}

// expressions checks that the expressions of a widget name its metrics, all of which have ids of their own.
func expressions(t *testing.T, w monitoring.DashboardItem) {
	t.Helper()
	ids := map[string]bool{}
	for _, m := range w.Properties["metrics"].([]any) {
		entry := m.([]any)
		rendering := entry[len(entry)-1].(map[string]any)
		if id, given := rendering["id"].(string); given {
			if ids[id] {
				t.Errorf("%v: two metrics are called %s", w.Properties["title"], id)
			}
			ids[id] = true
		}
		if text, given := rendering["expression"].(string); given {
			for _, name := range regexp.MustCompile(`[a-z]\w*`).FindAllString(text, -1) {
				if !ids[name] {
					t.Errorf("%v: %s names %s, which is not there", w.Properties["title"], text, name)
				}
			}
		}
	}
}

func TestDashboardCountsDeadLetterMessagesAsTheirAlarmsDo(t *testing.T) {
	s := infratest.Deployed(t)
	got := map[string]string{}
	for _, w := range infratest.BodyOf(t, s).Widgets {
		if w.Properties["title"] == "Dead-letter messages" {
			for _, m := range w.Properties["metrics"].([]any) {
				if entry := m.([]any); len(entry) == 1 {
					got[entry[0].(map[string]any)["label"].(string)] = entry[0].(map[string]any)["expression"].(string)
				}
			}
		}
	}
	if want := map[string]string{"undelivered": "a0 + b0", "unwritten": "a1 + b1"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDashboardTellsAMessagesWayFromLeftToRight(t *testing.T) {
	namespaces := map[string]int{} // the leftmost column of each service
	var headings []string
	for _, w := range infratest.BodyOf(t, infratest.Deployed(t)).Widgets {
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
		t.Errorf("its headings are %v", headings)
	}
	s := infratest.Deployed(t)
	prefix := s.Prefix(t)
	way := []string{"AWS/Scheduler schedule-messages-1a2b3c4", "AWS/Lambda " + prefix + "-sender", "AWS/Lambda " + prefix + "-updater",
		"AWS/RDS " + prefix, "AWS/RDS WRITER"}
	for i := 1; i < len(way); i++ {
		if namespaces[way[i-1]] >= namespaces[way[i]] {
			t.Errorf("%s stands at %d, %s at %d; all: %v", way[i-1], namespaces[way[i-1]], way[i], namespaces[way[i]], slices.Sorted(maps.Keys(namespaces)))
		}
	}
}

func TestLogsOnTheDashboardAreOfThisStack(t *testing.T) {
	s := infratest.Deployed(t)
	read := map[string]bool{}
	for _, w := range infratest.BodyOf(t, s).Widgets {
		if w.Type != "log" {
			continue
		}
		query := w.Properties["query"].(string)
		groups := 0
		for _, group := range s.Of(t, "cloudwatch/logGroup:LogGroup") {
			named := strings.Count(query, "SOURCE '"+group.Text("name")+"' | ")
			read[group.Name] = read[group.Name] || named > 0
			groups += named
		}
		if groups == 0 || groups != strings.Count(query, "SOURCE ") || strings.Contains(query, "%!") {
			t.Errorf("%v reads %s", w.Properties["title"], query)
		}
	}
	for _, function := range s.Of(t, "lambda/function:Function") {
		if !read[function.Name+"-log"] {
			t.Errorf("the dashboard does not show the words of %s", function.Name)
		}
	}
}

// TestEveryLogWidgetAsksWhatItsTitleSays compares entire queries: a fragment does not show that a column counts another's
// lines.
func TestEveryLogWidgetAsksWhatItsTitleSays(t *testing.T) {
	s := infratest.Deployed(t)
	want := map[string]string{
		"Statuses written, in 15 minutes": `SOURCE '/aws/lambda/PREFIX-updater' | filter msg = "done" and ispresent(status)
| stats sum(strcontains(status, "SENT")) as SENT, sum(strcontains(status, "FAILED")) as FAILED by bin(15m)`,
		"Last errors": `SOURCE '/aws/lambda/PREFIX-migrator' | SOURCE '/aws/lambda/PREFIX-rotator' | ` +
			`SOURCE '/aws/lambda/PREFIX-sender' | SOURCE '/aws/lambda/PREFIX-status' | SOURCE '/aws/lambda/PREFIX-updater' | fields @timestamp, msg, messageId, error
| filter level = "ERROR"
| sort @timestamp desc
| limit 20`,
	}
	got := map[string]string{}
	for _, w := range infratest.BodyOf(t, s).Widgets {
		if w.Type == "log" {
			got[w.Properties["title"].(string)] = strings.ReplaceAll(w.Properties["query"].(string), s.Prefix(t), "PREFIX")
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
