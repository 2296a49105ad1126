package infra

import (
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/message"
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
	period              int      // seconds; CloudWatch lengthens it for a long time range
	limits              []string // the alarms whose thresholds are drawn in
	logs                []string // functions whose logs the query reads
	query               string   // of Logs Insights
}

// line is one metric in a graph.
type line struct {
	label  string
	of     string // a key of the subjects
	metric metric
}

// widgets is the dashboard: on top what is wrong, below it a message's way from left to right, at the bottom the words.
func widgets(c *Config) []widget {
	all := []widget{
		{x: 0, y: 0, width: 17, height: 5, title: "Alarms", alarms: true},
		{x: 17, y: 0, width: 7, height: 5, title: "Dead letters", view: numbers, period: 60, lines: []line{
			{"undelivered", "undelivered", lettersVisible}, {"unwritten", "unwritten", lettersVisible}}},
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
			query: fmt.Sprintf("filter %s = %q and ispresent(%s)\n| stats sum(strcontains(%[3]s, %q)) as %[4]s, sum(strcontains(%[3]s, %q)) as %[5]s by bin(15m)",
				slog.MessageKey, message.LogDone, message.LogStatus, message.Sent, message.Failed)},
		widget{x: 10, y: 19, width: 14, height: 6, title: "Last errors", view: rows, logs: []string{"sender", "updater", "migrator"},
			query: fmt.Sprintf("fields @timestamp, %s, %s, %s\n| filter %s = %q\n| sort @timestamp desc\n| limit 20",
				slog.MessageKey, message.LogMessageID, message.LogError, slog.LevelKey, slog.LevelError)},
	)
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
		widget{title: "Invocations", lines: []line{{"attempts", "schedules", scheduleAttempts}}},
		widget{title: "Held up", lines: []line{
			{"errors", "schedules", scheduleErrors}, {"throttled by Lambda", "schedules", scheduleThrottled},
			{"over Scheduler's quota", "schedules", scheduleDelayed}, {"dropped", "schedules", scheduleDropped},
			{"lost", "schedules", scheduleLost}}, limits: []string{"schedules-dropped"}}},
	{"Sent ▸", "The sender delivers",
		widget{title: "Sender", lines: []line{
			{"invocations", "sender", invocations}, {"errors", "sender", functionErrors},
			{"throttles", "sender", throttles}, {"given up", "sender", eventsDropped}}},
		widget{title: "Sender: ms", lines: []line{
			{"waited", "sender", eventAge}, {"duration, p99", "sender", duration}}, limits: []string{"sender-late"}}},
	{"Written ▸", "The updater writes the status",
		widget{title: "Updater", lines: []line{
			{"invocations", "updater", invocations}, {"errors", "updater", functionErrors},
			{"throttles", "updater", throttles}, {"unhealthy", "log", unhealthy}}},
		widget{title: "Updater: ms", lines: []line{
			{"waited", "updater", eventAge}, {"duration, p99", "updater", duration}}, limits: []string{"updater-late"}}},
	{"Pool ▸", "RDS Proxy shares connections",
		widget{title: "Connections", period: 60, lines: []line{
			{"clients", "proxy", poolClients}, {"to the database", "proxy", poolConnections},
			{"borrowed", "proxy", poolBorrowed}, {"pinned", "proxy", poolPinned}}, limits: []string{"pool-full"}},
		widget{title: "Waiting: µs, and timeouts", period: 60, lines: []line{
			{"wait", "proxy", poolWait}, {"timeouts", "log", borrowTimeouts}}, limits: []string{"pool-wait"}}},
	{"Database", "Aurora takes the row",
		widget{title: "Capacity: ACUs", period: 60, lines: []line{{"ACUs", "writer", capacityUsed}},
			limits: []string{"database-ceiling"}},
		widget{title: "Connections", period: 60, lines: []line{{"connections", "writer", connections}},
			limits: []string{"database-connections"}}},
}
