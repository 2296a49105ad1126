package infra

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// dashboard is the dashboard's body, as CloudWatch reads it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
type dashboard struct {
	Start          string          `json:"start"`
	PeriodOverride string          `json:"periodOverride"`
	Widgets        []dashboardItem `json:"widgets"`
}

type dashboardItem struct {
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
func dashboardBody(cfg *Config, f *Foundation, sources pulumi.StringMapMap, functions map[string]*Function,
	alarms pulumi.StringArray) pulumi.StringOutput {
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
func layOut(cfg *Config, r resolved) dashboard {
	// Each graph keeps its period: over a longer one the sum of a gauge would grow with it.
	body := dashboard{Start: "-PT12H", PeriodOverride: "inherit"}
	for _, w := range widgets(cfg) {
		kind, properties := w.properties(cfg, r)
		body.Widgets = append(body.Widgets, dashboardItem{kind, w.x, w.y, w.width, w.height, properties})
	}
	return body
}

func (w widget) properties(cfg *Config, r resolved) (kind string, properties map[string]any) {
	switch {
	case w.text != "":
		return "text", map[string]any{"markdown": fmt.Sprintf("### %s\n%s", w.title, w.text), "background": "transparent"}
	case w.alarms:
		return "alarm", map[string]any{"title": w.title, "alarms": r.alarms, "sortBy": "stateUpdatedTimestamp"}
	case w.query != "":
		query, logs := "", w.logs
		if logs == nil {
			logs = slices.Sorted(maps.Keys(r.logGroups))
		}
		for _, function := range logs {
			query += fmt.Sprintf("SOURCE '%s' | ", r.logGroups[function])
		}
		return "log", map[string]any{"title": w.title, "region": r.region, "query": query + w.query, "view": w.view}
	}
	metrics, limits := []any{}, []any{}
	for i, l := range w.lines {
		metrics = append(metrics, l.entries(r, i)...)
	}
	for _, a := range alarms(cfg) {
		switch {
		case !slices.Contains(w.limits, a.name):
		case a.whole != "": // as much of another metric: a line that moves with it
			limit := line{label: a.name, measure: measure{
				series:     slices.DeleteFunc(slices.Clone(a.series), func(s series) bool { return s.id != a.whole }),
				expression: fmt.Sprintf("%s * %s", number(a.threshold/100), a.whole)}}
			entries := limit.entries(r, len(metrics))
			entries[len(entries)-1].([]any)[0].(map[string]any)["color"] = limitColour
			metrics = append(metrics, entries...)
		default:
			limits = append(limits, map[string]any{"label": a.name, "value": a.threshold, "color": limitColour})
		}
	}
	properties = map[string]any{
		"title": w.title, "region": r.region, "view": w.view, "metrics": metrics, "period": w.period,
		"yAxis": map[string]any{"left": map[string]any{"min": 0}},
	}
	if w.view == numbers {
		properties["sparkline"] = true
	}
	if len(limits) > 0 {
		properties["annotations"] = map[string]any{"horizontal": limits}
	}
	return "metric", properties
}

// entries are the line's metrics, each [namespace, metric, dimension, value, ..., rendering], and its expression,
// [rendering], if it has one. The number keeps the ids of different lines apart.
func (l line) entries(r resolved, n int) (entries []any) {
	rendering, expression := map[string]any{"label": l.label}, l.measure.expression
	if l.right {
		rendering["yAxis"] = "right"
	}
	for _, s := range l.measure.series {
		namespace := s.metric.namespace
		if namespace == "" {
			namespace = r.prefix
		}
		entry := []any{namespace, s.metric.name}
		for _, dimension := range s.metric.dimensions {
			entry = append(entry, dimension, r.sources[s.source][dimension])
		}
		if expression == "" {
			rendering["stat"] = s.metric.statistic
			return []any{append(entry, rendering)}
		}
		id := fmt.Sprintf("%s%d", s.id, n)
		expression = regexp.MustCompile(`\b`+s.id+`\b`).ReplaceAllString(expression, id)
		entries = append(entries, append(entry, map[string]any{"id": id, "stat": s.metric.statistic, "visible": false}))
	}
	rendering["expression"], rendering["id"] = expression, fmt.Sprintf("value%d", n)
	return append(entries, []any{rendering})
}

// consoles are the console's hosts by partition. https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
var consoles = map[string]string{
	"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
}

// dashboardURL is the dashboard in the console; empty in a partition whose console is not public.
func dashboardURL(f *Foundation, name pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.All(f.Partition, f.Region, name).ApplyT(func(v []any) string {
		host, public := consoles[v[0].(string)]
		if !public {
			return ""
		}
		return fmt.Sprintf("https://%s/cloudwatch/home?region=%s#dashboards/dashboard/%s", host, v[1], v[2])
	}).(pulumi.StringOutput)
}
