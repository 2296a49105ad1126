package monitoring

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// Dashboard is the dashboard's body, as CloudWatch reads it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
type Dashboard struct {
	Start          string          `json:"start"`
	PeriodOverride string          `json:"periodOverride"`
	Widgets        []DashboardItem `json:"widgets"`
}

// DashboardItem is a widget as CloudWatch takes it.
type DashboardItem struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

// resolved is what the widgets need of the stack, once AWS has named it.
type resolved struct {
	region, prefix string
	sources        map[string]map[string]string
	logGroups      map[string]string // by function
	alarms         []string          // ARNs
}

// dashboardBody is the body once all of the stack's names are known.
func dashboardBody(
	cfg *config.Config,
	f *foundation.Foundation,
	sources pulumi.StringMapMap,
	functions map[string]*foundation.Function,
	alarms pulumi.StringArray,
) pulumi.StringOutput {
	groups := pulumi.StringMap{}
	for name, function := range functions {
		groups[name] = function.LogGroup
	}
	return pulumi.All(f.Region, f.Prefix, sources, groups, alarms).ApplyT(func(v []any) (string, error) {
		body, err := json.Marshal(layOut(cfg, resolved{v[0].(string), v[1].(string),
			v[2].(map[string]map[string]string), v[3].(map[string]string), v[4].([]string)}))
		return string(body), err
	}).(pulumi.StringOutput)
}

// layOut is the dashboard of the widgets' table.
func layOut(cfg *config.Config, r resolved) Dashboard {
	// Each graph keeps its period: over a longer one the sum of a gauge would grow with it.
	body := Dashboard{Start: "-PT12H", PeriodOverride: "inherit"}
	for _, w := range Widgets(cfg) {
		kind, properties := w.properties(cfg, r)
		body.Widgets = append(body.Widgets, DashboardItem{kind, w.X, w.Y, w.Width, w.Height, properties})
	}
	return body
}

func (w Widget) properties(cfg *config.Config, r resolved) (kind string, properties map[string]any) {
	switch {
	case w.Text != "":
		return "text", map[string]any{"markdown": fmt.Sprintf("### %s\n%s", w.Title, w.Text), "background": "transparent"}
	case w.Alarms:
		return "alarm", map[string]any{"title": w.Title, "alarms": r.alarms, "sortBy": "stateUpdatedTimestamp"}
	case w.Query != "":
		query, logs := "", w.logs
		if logs == nil {
			logs = slices.Sorted(maps.Keys(r.logGroups))
		}
		for _, function := range logs {
			query += fmt.Sprintf("SOURCE '%s' | ", r.logGroups[function])
		}
		return "log", map[string]any{"title": w.Title, "region": r.region, "query": query + w.Query, "view": w.View}
	}
	metrics, limits := []any{}, []any{}
	for i, l := range w.Lines {
		metrics = append(metrics, l.entries(r, i)...)
	}
	for _, a := range Alarms(cfg) {
		switch {
		case !slices.Contains(w.Limits, a.Name):
		case a.whole != "": // as much of another metric: a line that moves with it
			limit := Line{Label: a.Name, Measure: Measure{
				Series:     slices.DeleteFunc(slices.Clone(a.Series), func(s series) bool { return s.id != a.whole }),
				expression: fmt.Sprintf("%s * %s", Number(a.Threshold/100), a.whole)}}
			entries := limit.entries(r, len(metrics))
			entries[len(entries)-1].([]any)[0].(map[string]any)["color"] = LimitColour
			metrics = append(metrics, entries...)
		default:
			limits = append(limits, map[string]any{"label": a.Name, "value": a.Threshold, "color": LimitColour})
		}
	}
	properties = map[string]any{
		"title": w.Title, "region": r.region, "view": w.View, "metrics": metrics, "period": w.period,
		"yAxis": map[string]any{"left": map[string]any{"min": 0}},
	}
	if w.View == Numbers {
		properties["sparkline"] = true
	}
	if len(limits) > 0 {
		properties["annotations"] = map[string]any{"horizontal": limits}
	}
	return "metric", properties
}

// entries are the line's metrics, each [namespace, metric, dimension, value, ..., rendering], and its expression,
// [rendering], if it has one. The number keeps the ids of different lines apart.
func (l Line) entries(r resolved, n int) (entries []any) {
	rendering, expression := map[string]any{"label": l.Label}, l.Measure.expression
	if l.right {
		rendering["yAxis"] = "right"
	}
	for _, s := range l.Measure.Series {
		namespace := s.Metric.Namespace
		if namespace == "" {
			namespace = r.prefix
		}
		entry := []any{namespace, s.Metric.Name}
		for _, dimension := range s.Metric.Dimensions {
			entry = append(entry, dimension, r.sources[s.Source][dimension])
		}
		if expression == "" {
			rendering["stat"] = s.Metric.statistic
			return []any{append(entry, rendering)}
		}
		id := fmt.Sprintf("%s%d", s.id, n)
		expression = regexp.MustCompile(`\b`+s.id+`\b`).ReplaceAllString(expression, id)
		entries = append(entries, append(entry, map[string]any{"id": id, "stat": s.Metric.statistic, "visible": false}))
	}
	rendering["expression"], rendering["id"] = expression, fmt.Sprintf("value%d", n)
	return append(entries, []any{rendering})
}

// consoles are the console's hosts by partition. https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
var consoles = map[string]string{
	"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
}

// DashboardURL is the dashboard in the console; empty in a partition whose console is not public.
func DashboardURL(f *foundation.Foundation, name pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.All(f.Partition, f.Region, name).ApplyT(func(v []any) string {
		host, public := consoles[v[0].(string)]
		if !public {
			return ""
		}
		return fmt.Sprintf("https://%s/cloudwatch/home?region=%s#dashboards/dashboard/%s", host, v[1], v[2])
	}).(pulumi.StringOutput)
}
