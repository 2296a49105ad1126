package main

import (
	"fmt"
	"strings"
)

// radius is that of a step's circle, in pixels.
const radius = 9

// steps are the centres of the numbered circles, next to their arrows. The README explains each in its list of the same
// numbers: create the schedule, invoke, deliver, hand over the result, write, ask.
var steps = [][2]int{
	{200, 74},
	{442, 60},
	{660, 89},
	{546, 146},
	{677, 216},
	{44, 146},
}

func drawSteps(out *strings.Builder) {
	for i, at := range steps {
		fmt.Fprintf(out, `<circle class="step" cx="%d" cy="%d" r="%d"/><text class="number" x="%d" y="%d">%d</text>`+"\n",
			at[0], at[1], radius, at[0], at[1]+4, i+1)
	}
}
