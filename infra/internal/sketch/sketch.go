// Package sketch draws the dashboard for the documentation.
package sketch

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/monitoring"
)

// Sizes in pixels of the sketch: a unit of the grid, the gap between widgets, and the room below them.
const (
	unitX, unitY = 56, 42
	gap          = 4
	footer       = 28
)

// colours are CloudWatch's own, in its order.
var colours = []string{"#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b"}

// drawing is an SVG in the making.
type drawing struct{ bytes.Buffer }

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *drawing) text(x, y float64, size int, style, text string) {
	d.add(`<text x="%.0f" y="%.0f" font-size="%d" %s>%s</text>`, x, y, size, style, html.EscapeString(text))
}

// Styles of a text.
const (
	regular = `fill="#16191f"`
	bold    = `fill="#16191f" font-weight="bold"`
	faint   = `fill="#687078"`
)

// Dashboard draws the dashboard of a configuration.
func Dashboard(cfg *config.Config) []byte {
	d, height := &drawing{}, 0
	all := monitoring.Widgets(cfg)
	for _, w := range all {
		height = max(height, (w.Y+w.Height)*unitY)
	}
	d.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="Helvetica, Arial, sans-serif">`, monitoring.GridWidth*unitX, height+footer)
	d.add(`<title>The dashboard: alarms and dead-letter messages on top, then scheduled, sent, written, pool, database</title>`)
	d.add(`<rect width="100%%" height="100%%" fill="#f2f3f3"/>`)
	for _, w := range all {
		left, top := float64(w.X*unitX+gap), float64(w.Y*unitY+gap)
		width, height := float64(w.Width*unitX-2*gap), float64(w.Height*unitY-2*gap)
		if w.Text != "" {
			d.text(left+4, top+32, 22, bold, w.Title)
			d.text(left+4, top+56, 14, faint, w.Text)
			continue
		}
		d.add(`<rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" fill="#fff" stroke="#d5dbdb"/>`, left, top, width, height)
		d.text(left+12, top+22, 15, bold, w.Title)
		switch {
		case w.Alarms:
			d.alarms(cfg, left+12, top+34, width-24)
		case w.View == monitoring.Numbers:
			d.numbers(w, left+12, top+34, width-24, height-46)
		case w.View == monitoring.Rows:
			d.rows(left+12, top+34, width-24)
		case w.Query != "":
			d.bars(left+12, top+34, width-24, height-72)
			d.legend([]monitoring.Line{{Label: "SENT"}, {Label: "FAILED"}}, left+12, top+height-14, width-24)
		default:
			below := d.legend(w.Lines, left+12, top+height-14, width-24)
			d.graph(cfg, w, left+12, top+34, width-24, below-18-(top+34))
		}
	}
	d.text(gap, float64(height+19), 13, faint, "A sketch, drawn from the program's own table: the places, names and thresholds are the dashboard's, the curves are made up.")
	d.add(`</svg>`)
	return d.Bytes()
}

// alarms draws a tile for each.
func (d *drawing) alarms(cfg *config.Config, left, top, width float64) {
	const across = 6
	for i, a := range monitoring.Alarms(cfg) {
		x, y, wide := left+float64(i%across)*width/across, top+float64(i/across)*31, width/across-6
		d.add(`<rect x="%.1f" y="%.0f" width="%.1f" height="26" fill="#f2f8f0" stroke="#d5dbdb"/>`, x, y, wide)
		d.add(`<rect x="%.1f" y="%.0f" width="5" height="26" fill="#1d8102"/>`, x, y)
		d.text(x+11, y+18, 13, regular, a.Name)
	}
}

func (d *drawing) numbers(w monitoring.Widget, left, top, width, height float64) {
	for i, l := range w.Lines {
		x := left + float64(i)*width/float64(len(w.Lines))
		d.text(x, top+70, 54, regular, "0")
		d.add(`<rect x="%.0f" y="%.0f" width="12" height="12" fill="%s"/>`, x, top+height-26, colours[i])
		d.text(x+18, top+height-15, 14, regular, l.Label)
	}
}

// rows draws a table with one line that might stand there.
func (d *drawing) rows(left, top, width float64) {
	columns := []float64{0, 0.18, 0.32, 0.5}
	for row, cells := range [][]string{
		{"@timestamp", "msg", "messageId", "error"},
		{"12:00:04.218", "message", "order-4711", "webhook: 503 Service Unavailable"},
		{"11:42:57.003", "failed", "order-4702", "Error 9501 (HY000): Timed-out waiting to acquire …"},
	} {
		style, y := regular, top+24+float64(row)*28
		if row == 0 {
			style = faint
		}
		for i, cell := range cells {
			d.text(left+columns[i]*width, y, 14, style, cell)
		}
		d.add(`<path d="M%.0f %.0fh%.0f" stroke="#eaeded"/>`, left, y+9, width)
	}
}

func (d *drawing) bars(left, top, width, height float64) {
	const count = 24
	for i := range count {
		tall := height * (0.3 + 0.6*wave(i, 0))
		d.add(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left+float64(i)*width/count, top+height-tall, width/count-4, tall, colours[0])
	}
	d.add(`<rect x="%.1f" y="%.1f" width="%.1f" height="5" fill="%s"/>`, left+17*width/count, top+height-5, width/count-4, colours[1])
}

// graph draws the first line above the others, which stay near zero as one hopes of errors, and the thresholds.
func (d *drawing) graph(cfg *config.Config, w monitoring.Widget, left, top, width, height float64) {
	d.add(`<path d="M%.0f %.0fv%.0fh%.0f" fill="none" stroke="#aab7b8"/>`, left, top, height, width)
	for i := len(w.Lines) - 1; i >= 0; i-- {
		var path strings.Builder
		for step := range 41 {
			rise := 0.04
			if i == 0 && !slices.Contains([]string{monitoring.FunctionErrors.Name, monitoring.ScheduleErrors.Name}, w.Lines[0].Measure.Series[0].Metric.Name) {
				rise = 0.15 + 0.4*wave(step, len(w.Title))
			}
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(step, 1)], left+float64(step)*width/40, top+height*(1-rise)-float64(i*3))
		}
		d.add(`<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`, path.String(), colours[i])
	}
	for _, a := range monitoring.Alarms(cfg) {
		for _, name := range w.Limits {
			if a.Name == name {
				y := top + height*0.22
				d.add(`<path d="M%.0f %.0fh%.0f" stroke="%s" stroke-dasharray="5 3"/>`, left, y, width, monitoring.LimitColour)
				d.text(left+6, y-5, 13, fmt.Sprintf("fill=%q", monitoring.LimitColour), fmt.Sprintf("%s: %s", name, strings.TrimSpace(monitoring.Number(a.Threshold)+" "+a.Unit)))
			}
		}
	}
}

// legend writes the lines' names from the bottom up and says where it ends.
func (d *drawing) legend(lines []monitoring.Line, left, bottom, width float64) float64 {
	type place struct{ x, row float64 }
	var places []place
	x, row := 0.0, 0.0
	for _, l := range lines {
		wide := 34 + 7.2*float64(len(l.Label))
		if x > 0 && x+wide > width {
			x, row = 0, row+1
		}
		places = append(places, place{x, row})
		x += wide
	}
	for i, l := range lines {
		y := bottom - (row-places[i].row)*20
		d.add(`<rect x="%.0f" y="%.0f" width="11" height="11" fill="%s"/>`, left+places[i].x, y-10, colours[i])
		d.text(left+places[i].x+16, y, 13, regular, l.Label)
	}
	return bottom - row*20
}

// wave is between 0 and 1, the same on every machine once it is rounded.
func wave(step, phase int) float64 {
	return math.Round(1000*(0.5+0.3*math.Sin(float64(step+phase)/3)+0.2*math.Sin(float64(step*2+phase)/1.7))) / 1000
}
