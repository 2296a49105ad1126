package monitoring

import (
	"fmt"
	"log/slog"
	"strings"

	"scheduled-messages/infra/config"
	"scheduled-messages/lambda/contract"
)

// Views of a widget.
const (
	graph   = "timeSeries"
	Numbers = "singleValue"
	Rows    = "table"
)

// databaseColumn is the title of the column with the database's metrics.
const databaseColumn = "Database"

// LimitColour is CloudWatch's own red.
const LimitColour = "#d62728"

// Widget is one piece of the dashboard, on CloudWatch's grid of 24 columns.
type Widget struct {
	X, Y, Width, Height int
	Title               string
	Text                string // a heading's line, in Markdown
	Alarms              bool   // the state of every alarm
	View                string
	Lines               []Line
	period              int      // seconds
	Limits              []string // the alarms whose thresholds are drawn in; not one that would flatten the curves
	logs                []string // functions whose logs the query reads; none: all of the stack's
	Query               string   // of Logs Insights
}

// Line is one measure in a graph.
type Line struct {
	Label   string
	Measure Measure
	right   bool // on an axis of its own
}

// Widgets is the dashboard: on top what is wrong, below it a message's way from left to right, at the bottom the words.
func Widgets(c *config.Config) []Widget {
	all := []Widget{
		{X: 0, Y: 0, Width: 14, Height: 5, Title: "Alarms", Alarms: true},
		{X: 20, Y: 0, Width: 4, Height: 5, Title: "Overdue rows", View: Numbers, period: 3600, Lines: []Line{
			{"overdue", sparse("log", overdue), false}}},
		{X: 14, Y: 0, Width: 6, Height: 5, Title: "Dead-letter messages", View: Numbers, period: 60, Lines: []Line{
			{"undelivered", total("undelivered", messagesVisible, messagesInFlight), false},
			{"unwritten", total("unwritten", messagesVisible, messagesInFlight), false}}},
	}
	for i, column := range columns {
		if column.title == databaseColumn && c.Existing.Database() { // its owner has a dashboard of it
			continue
		}
		x := i * columnWidth
		width := min(columnWidth, GridWidth-x) // the last is one narrower
		all = append(all,
			Widget{X: x, Y: 5, Width: width, Height: 2, Title: fmt.Sprintf("%d %s", i+1, column.title), Text: column.text},
			column.first.at(x, 7, width), column.second.at(x, 13, width))
	}
	if c.Outbox {
		all = append(all, Widget{
			X: 0, Y: 25, Width: 10, Height: 6, Title: "Schedules that follow rows, in 15 minutes", View: graph, logs: []string{"armer"},
			Query: fmt.Sprintf("filter %s = %q\n| stats %s by bin(15m)", slog.MessageKey, contract.LogDone,
				summed(contract.LogArmed, contract.LogDisarmed, contract.LogCleared, contract.LogLeft))})
	}
	return append(all,
		Widget{X: 0, Y: 19, Width: 10, Height: 6, Title: "Statuses written, in 15 minutes", View: graph, logs: []string{"updater"},
			Query: fmt.Sprintf("filter %s = %q and ispresent(%s)\n| stats %s, %s by bin(15m)",
				slog.MessageKey, contract.LogDone, contract.LogStatus, counted(contract.Sent), counted(contract.Failed))},
		Widget{X: 10, Y: 19, Width: 14, Height: 6, Title: "Last errors", View: Rows,
			Query: fmt.Sprintf("fields @timestamp, %s, %s, %s\n| filter %s = %q\n| sort @timestamp desc\n| limit 20",
				slog.MessageKey, contract.LogMessageID, contract.LogError, slog.LevelKey, slog.LevelError)},
	)
}

// counted is the part of a query of Logs Insights that counts the lines with a status.
func counted(s contract.Status) string {
	return fmt.Sprintf("sum(strcontains(%s, %q)) as %s", contract.LogStatus, s, s)
}

// summed is the part of a query of Logs Insights that adds numbers up.
func summed(fields ...string) string {
	for i, field := range fields {
		fields[i] = fmt.Sprintf("sum(%s) as %sSum", field, field)
	}
	return strings.Join(fields, ", ")
}

// The grid. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const (
	GridWidth   = 24
	columnWidth = 5
)

// at is the graph in its place.
func (w Widget) at(x, y, width int) Widget {
	w.X, w.Y, w.Width, w.Height, w.View = x, y, width, 6, graph
	if w.period == 0 {
		w.period = 300
	}
	return w
}

// columns are a message's way.
var columns = []struct {
	title, text   string
	first, second Widget
}{
	{"Scheduled ▸", "Scheduler invokes the sender",
		Widget{Title: "Invocations", Lines: []Line{{"attempts", plain("schedules", scheduleAttempts), false}}},
		Widget{Title: "Held up", Lines: []Line{
			{"errors", plain("schedules", ScheduleErrors), false}, {"throttled by Lambda", plain("schedules", scheduleRefused), false},
			{"over Scheduler's quota", plain("schedules", scheduleThrottled), false},
			{"dropped", plain("schedules", scheduleDropped), false},
			{"lost", plain("schedules", scheduleLost), false}}, Limits: []string{"schedules-dropped"}}},
	{"Sent ▸", "The sender delivers",
		Widget{Title: "Sender", Lines: []Line{
			{"invocations", plain("sender", invocations), false}, {"errors", plain("sender", FunctionErrors), false},
			{"throttles", plain("sender", throttles), false}, {"given up", plain("sender", eventsDropped), false}}},
		Widget{Title: "Sender: ms", Lines: []Line{
			{"waited", plain("sender", eventAge), false}, {"duration, p99", plain("sender", duration), false}}}},
	{"Written ▸", "The updater writes the status",
		Widget{Title: "Updater", Lines: []Line{
			{"invocations", plain("updater", invocations), false}, {"errors", plain("updater", FunctionErrors), false},
			{"throttles", plain("updater", throttles), false}, {"unhealthy", plain("log", unhealthy), false}}},
		Widget{Title: "Updater: ms", Lines: []Line{
			{"waited", plain("updater", eventAge), false}, {"duration, p99", plain("updater", duration), false}}}},
	{"Pool ▸", "RDS Proxy shares connections",
		Widget{Title: "Connections", period: 60, Lines: []Line{
			{"clients", plain("proxy", poolClients), false}, {"to the database", plain("proxy", poolConnections), false},
			{"borrowed", plain("proxy", poolBorrowed), false}, {"pinned", plain("proxy", poolPinned), false}},
			Limits: []string{"pool-full"}},
		Widget{Title: "Waiting: µs", period: 60, Lines: []Line{
			{"wait", plain("proxy", poolWait), false}, {"timeouts (right)", plain("log", borrowTimeouts), true}}}},
	{databaseColumn, "Aurora takes the row",
		Widget{Title: "Capacity: ACUs", period: 60, Lines: []Line{{"ACUs", plain("writer", capacityUsed), false}},
			Limits: []string{"database-ceiling"}},
		Widget{Title: "Connections", period: 60, Lines: []Line{{"connections", plain("writer", connections), false}},
			Limits: []string{"database-connections"}}},
}
