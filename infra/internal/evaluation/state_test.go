package evaluation

import (
	"strings"
	"testing"
)

// retained is what the table of AWS's page calls "Retain current state".
const retained State = "retained"

// TestDocumentedExamplesOfMissingDataComeOutAsDocumented holds the rows of the two tables on
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, in which the evaluation
// range is 5 and the evaluation periods are 3, and the series that its text on premature transitions names.
func TestDocumentedExamplesOfMissingDataComeOutAsDocumented(t *testing.T) {
	for _, row := range []struct {
		datapoints                               int
		points                                   string
		missing, ignore, breaching, notBreaching State
	}{
		{3, "0 - X - X", OK, OK, OK, OK},
		{3, "0 - - - -", OK, OK, OK, OK},
		{3, "- - - - -", InsufficientData, retained, Alarm, OK},
		{3, "0 X X - X", Alarm, Alarm, Alarm, Alarm},
		{3, "- - X - -", Alarm, retained, Alarm, OK},

		{2, "0 - X - X", Alarm, Alarm, Alarm, Alarm},
		{2, "0 0 X 0 X", Alarm, Alarm, Alarm, Alarm},
		{2, "0 - X - -", OK, OK, Alarm, OK},
		{2, "- - - - 0", OK, OK, Alarm, OK},
		{2, "- - - X -", Alarm, retained, Alarm, OK},

		// "the alarm does not go immediately into ALARM state", so that these may become the next two
		{3, "- - - - X", InsufficientData, retained, Alarm, OK},
		{3, "- - - X -", InsufficientData, retained, Alarm, OK},
		{3, "- - - X 0", OK, OK, OK, OK},
		{3, "- - X - 0", OK, OK, OK, OK},
	} {
		for setting, want := range map[string]State{
			Missing: row.missing, Ignore: row.ignore, Breaching: row.breaching, NotBreaching: row.notBreaching,
		} {
			for _, current := range []State{OK, Alarm, InsufficientData} {
				want := want
				if want == retained {
					want = current
				}
				points := []rune(strings.ReplaceAll(row.points, " ", ""))
				if got := next(points, 3, row.datapoints, setting, current); got != want {
					t.Errorf("%s, %d of 3, missing is %s, state is %s: %s, want %s", row.points, row.datapoints, setting, current, got, want)
				}
			}
		}
	}
}

func TestOneBreachingPointIsEnoughForAnAlarmThatNeedsOne(t *testing.T) {
	for _, points := range []string{"----X", "X----", "00X00", "--X-0"} {
		for _, setting := range []string{Missing, Ignore, Breaching, NotBreaching} {
			if got := next([]rune(points), 5, 1, setting, OK); got != Alarm {
				t.Errorf("%s, missing is %s: %s", points, setting, got)
			}
		}
	}
}
