package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Widths of the printable ASCII characters in thousandths of the font's size, of DejaVu Sans, which is as wide as Verdana
// and wider than the other fonts that pages are shown in.
var (
	bold = []int{
		348, 456, 520, 837, 695, 1001, 872, 306, 457, 457, 522, 837, 379, 415, 379, 365, 695, 695, 695,
		695, 695, 695, 695, 695, 695, 695, 399, 399, 837, 837, 837, 580, 1000, 773, 762, 733, 830, 683,
		683, 820, 836, 372, 372, 774, 637, 995, 836, 850, 732, 850, 770, 720, 682, 812, 773, 1103, 770,
		724, 725, 457, 365, 457, 837, 500, 500, 674, 715, 592, 715, 678, 435, 715, 711, 342, 342, 665,
		342, 1041, 711, 687, 715, 715, 493, 595, 478, 711, 651, 923, 645, 651, 582, 711, 365, 711, 837,
	}
	regular = []int{
		317, 400, 459, 837, 636, 950, 779, 274, 390, 390, 500, 837, 317, 360, 317, 336, 636, 636, 636,
		636, 636, 636, 636, 636, 636, 636, 336, 336, 837, 837, 837, 530, 1000, 684, 686, 698, 770, 631,
		575, 774, 751, 294, 294, 655, 557, 862, 748, 787, 603, 787, 694, 634, 610, 731, 684, 988, 685,
		610, 685, 390, 336, 390, 837, 500, 500, 612, 634, 549, 634, 615, 352, 634, 633, 277, 277, 579,
		277, 974, 633, 611, 634, 634, 411, 520, 392, 633, 591, 817, 591, 591, 524, 636, 336, 636, 837,
	}
)

// measure is a text's width in pixels. Other characters (λ, …) count as an em, which none of them is wider than.
func measure(font []int, size float64, text string) float64 {
	sum := 0
	for _, r := range text {
		if r < ' ' || r > '~' {
			sum += 1000
		} else {
			sum += font[r-' ']
		}
	}
	return float64(sum) * size / 1000
}

// area is a rectangle of the picture.
type area struct{ left, top, right, bottom float64 }

func (a area) touches(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

func (b box) area() area {
	return area{float64(b.x), float64(b.y), float64(b.x + b.w), float64(b.y + b.h)}
}

func TestTextsStayInsideTheirBoxesInTheWidestFont(t *testing.T) {
	const margin = 6
	every(t, func(t *testing.T, g graph) {
		for _, b := range g.there() {
			room := float64(b.w - 2*margin)
			size := float64(titleSize)
			if b.style == "frame" {
				size = frameTitleSize
			}
			if width := measure(bold, size, b.title); width > room {
				t.Errorf("%s: the title is %.0f pixels wide, and has room for %.0f", b.id, width, room)
			}
			if width := measure(regular, subtitleSize, b.subtitle); width > room {
				t.Errorf("%s: the subtitle is %.0f pixels wide, and has room for %.0f", b.id, width, room)
			}
		}
	})
	for i, kind := range kinds {
		if width := measure(regular, labelSize, kind.meaning); width > 330-44-margin {
			t.Errorf("the legend's text %d is %.0f pixels wide", i, width)
		}
	}
	last := measure(regular, labelSize, kinds[len(kinds)-1].meaning)
	if left := float64(25+(len(kinds)-1)*330+44) + last; left > existingLeft {
		t.Errorf("the legend's last arrow ends at %.0f", left)
	}
	if right := existingMeaningLeft + measure(regular, labelSize, existingMeaning); right > width-margin {
		t.Errorf("the legend of what exists ends at %.0f", right)
	}
}

// marks are what is written next to the arrows of a picture: labels and the steps' circles.
func marks(there []box) map[string]area {
	all := map[string]area{}
	for _, a := range between(there) {
		if a.label == "" {
			continue
		}
		width, left := measure(regular, labelSize, a.label), float64(a.labelAt[0])
		switch a.anchor {
		case "middle":
			left -= width / 2
		case "end":
			left -= width
		}
		y := float64(a.labelAt[1])
		all[a.from+" to "+a.to] = area{left, y - labelSize, left + width, y + 3}
	}
	for i, at := range steps {
		x, y := float64(at[0]), float64(at[1])
		all[fmt.Sprint("step ", i+1)] = area{x - radius, y - radius, x + radius, y + radius}
	}
	return all
}

func TestLabelsAndStepsLieNextToTheBoxesAndToOneAnother(t *testing.T) {
	every(t, func(t *testing.T, g graph) {
		there := g.there()
		all := marks(there)
		for name, mark := range all {
			if mark.left < 0 || mark.right > width {
				t.Errorf("%s leaves the picture: %+v", name, mark)
			}
			for _, b := range there {
				if b.style != "frame" && mark.touches(b.area()) {
					t.Errorf("%s lies on the box %s", name, b.id)
				}
			}
			for other, place := range all {
				if name < other && mark.touches(place) {
					t.Errorf("%s and %s lie on one another", name, other)
				}
			}
		}
	})
}

func TestFirstPageExplainsEveryStepOfThePicture(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "]("+picture+")")
	if !found {
		t.Fatalf("the README does not show %s", picture)
	}
	list, _, _ := strings.Cut(after, "## ")
	for i := range len(steps) + 1 {
		if has := strings.Contains(list, fmt.Sprintf("\n%d. ", i+1)); has != (i < len(steps)) {
			t.Errorf("the picture has %d steps; the list under it has a number %d: %v", len(steps), i+1, has)
		}
	}
}
