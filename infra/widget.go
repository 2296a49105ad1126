package infra

import (
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
)

// Views of a widget.
const (
	graph   = "timeSeries"
	numbers = "singleValue"
	rows    = "table"
)

// limitColour is CloudWatch's own red.
const limitColour = "#d62728"

// widget is one piece of the dashboard, on CloudWatch's grid of 24 columns.
type widget struct {
	x, y, width, height int
	title               string
	text                string // a heading's line, in Markdown
	alarms              bool   // the state of every alarm
	view                string
	lines               []line
	period              int      // seconds
	limits              []string // the alarms whose thresholds are drawn in; not one that would flatten the curves
	logs                []string // functions whose logs the query reads; none: all of the stack's
	query               string   // of Logs Insights
}

// line is one measure in a graph.
type line struct {
	label   string
	measure measure
	right   bool // on an axis of its own
}

// widgets is the dashboard: on top what is wrong, below it a message's way from left to right, at the bottom the words.
func widgets(c *Config) []widget {
	all := []widget{
		{x: 0, y: 0, width: 17, height: 5, title: "Alarms", alarms: true},
		{x: 17, y: 0, width: 7, height: 5, title: "Dead-letter messages", view: numbers, period: 60, lines: []line{
			{"undelivered", total("undelivered", messagesVisible, messagesInFlight), false},
			{"unwritten", total("unwritten", messagesVisible, messagesInFlight), false}}},
	}
	for i, column := range columns {
		x := i * columnWidth
		width := min(columnWidth, gridWidth-x) // the last is one narrower
		all = append(all,
			widget{x: x, y: 5, width: width, height: 2, title: fmt.Sprintf("%d %s", i+1, column.title), text: column.text},
			column.first.at(x, 7, width), column.second.at(x, 13, width))
	}
	return append(all,
		widget{x: 0, y: 19, width: 10, height: 6, title: "Statuses written, in 15 minutes", view: graph, logs: []string{"updater"},
			query: fmt.Sprintf("filter %s = %q and ispresent(%s)\n| stats %s, %s by bin(15m)",
				slog.MessageKey, contract.LogDone, contract.LogStatus, counted(contract.Sent), counted(contract.Failed))},
		widget{x: 10, y: 19, width: 14, height: 6, title: "Last errors", view: rows,
			query: fmt.Sprintf("fields @timestamp, %s, %s, %s\n| filter %s = %q\n| sort @timestamp desc\n| limit 20",
				slog.MessageKey, contract.LogMessageID, contract.LogError, slog.LevelKey, slog.LevelError)},
	)
}

// counted is the part of a query of Logs Insights that counts the lines with a status.
func counted(s contract.Status) string {
	return fmt.Sprintf("sum(strcontains(%s, %q)) as %s", contract.LogStatus, s, s)
}

// The grid. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const (
	gridWidth   = 24
	columnWidth = 5
)

// at is the graph in its place.
func (w widget) at(x, y, width int) widget {
	w.x, w.y, w.width, w.height, w.view = x, y, width, 6, graph
	if w.period == 0 {
		w.period = 300
	}
	return w
}

// columns are a message's way.
var columns = []struct {
	title, text   string
	first, second widget
}{
	{"Scheduled ▸", "Scheduler invokes the sender",
		widget{title: "Invocations", lines: []line{{"attempts", plain("schedules", scheduleAttempts), false}}},
		widget{title: "Held up", lines: []line{
			{"errors", plain("schedules", scheduleErrors), false}, {"throttled by Lambda", plain("schedules", scheduleRefused), false},
			{"over Scheduler's quota", plain("schedules", scheduleThrottled), false}, {"dropped", plain("schedules", scheduleDropped), false},
			{"lost", plain("schedules", scheduleLost), false}}, limits: []string{"schedules-dropped"}}},
	{"Sent ▸", "The sender delivers",
		widget{title: "Sender", lines: []line{
			{"invocations", plain("sender", invocations), false}, {"errors", plain("sender", functionErrors), false},
			{"throttles", plain("sender", throttles), false}, {"given up", plain("sender", eventsDropped), false}}},
		widget{title: "Sender: ms", lines: []line{
			{"waited", plain("sender", eventAge), false}, {"duration, p99", plain("sender", duration), false}}}},
	{"Written ▸", "The updater writes the status",
		widget{title: "Updater", lines: []line{
			{"invocations", plain("updater", invocations), false}, {"errors", plain("updater", functionErrors), false},
			{"throttles", plain("updater", throttles), false}, {"unhealthy", plain("log", unhealthy), false}}},
		widget{title: "Updater: ms", lines: []line{
			{"waited", plain("updater", eventAge), false}, {"duration, p99", plain("updater", duration), false}}}},
	{"Pool ▸", "RDS Proxy shares connections",
		widget{title: "Connections", period: 60, lines: []line{
			{"clients", plain("proxy", poolClients), false}, {"to the database", plain("proxy", poolConnections), false},
			{"borrowed", plain("proxy", poolBorrowed), false}, {"pinned", plain("proxy", poolPinned), false}}, limits: []string{"pool-full"}},
		widget{title: "Waiting: µs", period: 60, lines: []line{
			{"wait", plain("proxy", poolWait), false}, {"timeouts (right)", plain("log", borrowTimeouts), true}}}},
	{"Database", "Aurora takes the row",
		widget{title: "Capacity: ACUs", period: 60, lines: []line{{"ACUs", plain("writer", capacityUsed), false}},
			limits: []string{"database-ceiling"}},
		widget{title: "Connections", period: 60, lines: []line{{"connections", plain("writer", connections), false}},
			limits: []string{"database-connections"}}},
}
