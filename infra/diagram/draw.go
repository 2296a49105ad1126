package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Sizes of the texts, in pixels. A test measures every text in the widest common font.
const titleSize, subtitleSize, frameTitleSize, labelSize = 13, 11, 12.5, 11

// style is of the entire picture. It has a background of its own, so that it reads alike on a light page and a dark one.
var style = fmt.Sprintf(`
  text { font-family: -apple-system, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; fill: #1f2933; }
  .title { font-size: %vpx; font-weight: 600; text-anchor: middle; }
  .subtitle { font-size: %vpx; fill: #52606d; text-anchor: middle; }
  .frame { fill: #f5f8fb; stroke: #9fb3c8; stroke-width: 1.5; stroke-dasharray: 6 4; }
  .frame-title { font-size: %vpx; font-weight: 600; fill: #486581; }
  .box { stroke-width: 1.5; }
  .outside { fill: #ffffff; stroke: #9aa5b1; }
  .service { fill: #fdf0f7; stroke: #c2468c; }
  .function { fill: #fff3e6; stroke: #d9730d; }
  .store { fill: #e8f1fd; stroke: #2f6fcd; }
  .queue { fill: #fdecea; stroke: #c93b2b; }
  .network { fill: #efeafc; stroke: #7652c6; }
  .arrow { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
  .call { stroke: #b4570a; }
  .traffic { stroke: #2f6fcd; }
  .other { stroke: #7b8794; }
  .label { font-size: %vpx; fill: #3e4c59; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
  .legend { font-size: %vpx; fill: #52606d; }
  .step { fill: #243b53; }
  .number { font-size: %vpx; font-weight: 700; fill: #ffffff; text-anchor: middle; }
`, titleSize, subtitleSize, frameTitleSize, labelSize, labelSize, labelSize)

// draw is the picture of the boxes that are there.
func draw(there []box) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" %s>
<title id="title">Architecture: from a backend's schedule to the row in the database</title>
<style>%s</style>
<defs>
`, width, height, width, height, `aria-labelledby="title"`, styleOf(there))
	for _, kind := range kinds {
		fmt.Fprintf(&out, `  <marker id="%s-end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">`+
			`<path d="M0 0.8 L9.5 5 L0 9.2 Z" fill="%s"/></marker>`+"\n", kind.name, kind.colour)
	}
	fmt.Fprintf(&out, `</defs>
<rect x="1" y="1" width="%d" height="%d" rx="10" fill="#ffffff" stroke="#d9e2ec"/>
`, width-2, height-2)
	for _, b := range there {
		b.draw(&out)
	}
	for _, a := range between(there) {
		a.draw(&out)
	}
	drawSteps(&out)
	for i, kind := range kinds {
		x, y := 25+i*330, height-27
		fmt.Fprintf(&out, `<path class="arrow %s" d="M%d %d H%d" marker-end="url(#%s-end)"/>`, kind.name, x, y, x+34, kind.name)
		fmt.Fprintf(&out, `<text class="legend" x="%d" y="%d">%s</text>`+"\n", x+44, y+4, kind.meaning)
	}
	if slices.ContainsFunc(there, func(b box) bool { return b.existing }) {
		fmt.Fprintf(&out, `<rect class="box existing" x="%d" y="%d" width="%d" height="%d" rx="4"/>`, existingLeft, existingTop,
			existingWidth, existingHeight)
		out.WriteString(text("legend", existingMeaningLeft, height-23, "", existingMeaning) + "\n")
	}
	out.WriteString("</svg>\n")
	return out.String()
}

// kinds are those of arrows.
var kinds = []struct{ name, colour, meaning string }{
	{"call", "#b4570a", "invokes or sends: an IAM policy allows it"},
	{"traffic", "#2f6fcd", "TCP: a rule between two security groups"},
	{"other", "#7b8794", "by AWS itself, or from outside"},
}

func has(there []box, id string) bool {
	return slices.ContainsFunc(there, func(b box) bool { return b.id == id })
}

func (b box) draw(out *strings.Builder) {
	shape, radius := "box "+b.style, 7
	if b.style == "frame" {
		shape, radius = "frame", 8
	}
	if b.existing {
		shape += " existing"
	}
	fmt.Fprintf(out, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, shape, b.x, b.y, b.w, b.h, radius)
	if b.style == "frame" {
		out.WriteString(text("frame-title", b.x+b.w-12, b.y+20, ` text-anchor="end"`, b.title) + "\n")
		return
	}
	out.WriteString(text("title", b.x+b.w/2, b.y+b.h/2-3, "", b.title))
	out.WriteString(text("subtitle", b.x+b.w/2, b.y+b.h/2+14, "", b.subtitle) + "\n")
}

func (a arrow) draw(out *strings.Builder) {
	path := fmt.Sprintf("M%d %d", a.points[0][0], a.points[0][1])
	for _, p := range a.points[1:] {
		path += fmt.Sprintf(" L%d %d", p[0], p[1])
	}
	fmt.Fprintf(out, `<path class="arrow %s" d="%s" marker-end="url(#%s-end)"/>`, a.kind, path, a.kind)
	if a.label != "" {
		out.WriteString(text("label", a.labelAt[0], a.labelAt[1], fmt.Sprintf(` text-anchor="%s"`, a.anchor), a.label))
	}
	out.WriteString("\n")
}

func text(class string, x, y int, more, content string) string {
	return fmt.Sprintf(`<text class="%s" x="%d" y="%d"%s>%s</text>`, class, x, y, more, html.EscapeString(content))
}
