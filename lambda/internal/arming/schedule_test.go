package arming

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

const (
	minute = time.Minute
	first  = `{"id":"a","channel":"sns","to":"","body":"version 1"}`
	second = `{"id":"a","channel":"sns","to":"","body":"version 2"}`
)

// step is what armer is asked at a time.
type step struct {
	at      time.Duration // after noon
	read    time.Duration // when relay read the row; 0: just then
	command contract.Command
}

func TestAMessageGoesOutOnceWhateverArmerIsAsked(t *testing.T) {
	later := noon().Add(time.Hour)
	for name, c := range map[string]struct {
		steps []step
		want  string // what is invoked in the end
	}{
		"armed":                               {[]step{{0, 0, arm("a", 1, later)}}, "13:00:00 " + first},
		"armed twice":                         {[]step{{0, 0, arm("a", 1, later)}, {minute, 0, arm("a", 1, later)}}, "13:00:00 " + first},
		"of a time that has passed":           {[]step{{0, 0, arm("a", 1, noon().Add(-minute))}}, "12:00:30 " + first},
		"of a time that is about to come":     {[]step{{0, 0, arm("a", 1, noon().Add(time.Second))}}, "12:00:30 " + first},
		"asked for again when it was invoked": {[]step{{0, 0, arm("a", 1, noon())}, {2 * minute, 0, arm("a", 1, noon())}}, "12:00:30 " + first},
		"moved":                               {[]step{{0, 0, arm("a", 1, later)}, {minute, 0, arm("a", 2, later.Add(minute))}}, "13:01:00 " + second},
		"moved to a time that has passed":     {[]step{{0, 0, arm("a", 1, later)}, {minute, 0, arm("a", 2, noon())}}, "12:01:30 " + second},
		"moved when it was invoked":           {[]step{{0, 0, arm("a", 1, noon())}, {5 * minute, 0, arm("a", 2, later)}}, "12:00:30 " + first},
		"moved just before it is invoked":     {[]step{{0, 0, arm("a", 1, later)}, {59*minute + 30*time.Second, 0, arm("a", 2, later.Add(minute))}}, "13:00:00 " + first},
		"asked for what it was before it was moved": {
			[]step{{minute, 0, arm("a", 2, later)}, {2 * minute, 30 * time.Second, arm("a", 1, noon().Add(3*time.Hour))}}, "13:00:00 " + second},
		"cancelled":           {[]step{{0, 0, arm("a", 1, later)}, {minute, 0, disarm("a", 2)}}, ""},
		"cancelled twice":     {[]step{{0, 0, arm("a", 1, later)}, {minute, 0, disarm("a", 2)}, {2 * minute, 0, disarm("a", 2)}}, ""},
		"never armed":         {[]step{{0, 0, disarm("a", 2)}}, ""},
		"deleted, never made": {[]step{{0, 0, clearing("a", 2)}}, ""},
		"asked for what it was before it was cancelled": {
			[]step{{0, 0, arm("a", 1, later)}, {2 * minute, 0, disarm("a", 2)}, {2*minute + time.Second, minute, arm("a", 1, later)}}, ""},
		"asked for what it was before it was cancelled, and never armed": {
			[]step{{2 * minute, 0, disarm("a", 2)}, {2*minute + time.Second, minute, arm("a", 1, later)}}, ""},
		"asked for a cancellation before it was moved": {
			[]step{{2 * minute, 0, arm("a", 2, later)}, {2*minute + time.Second, minute, disarm("a", 1)}}, "13:00:00 " + second},
		"cancelled just before it is invoked, and made again": {
			[]step{{0, 0, arm("a", 1, noon().Add(2*minute))}, {90 * time.Second, 0, disarm("a", 2)}, {3 * minute, 0, arm("a", 3, later)}}, "12:02:00 " + first},
		"without a time for a while": {
			[]step{{0, 0, arm("a", 1, later)}, {minute, 0, disarm("a", 1)}, {10 * minute, 0, arm("a", 2, later)}}, "13:00:00 " + second},
		"cancelled when it was invoked": {[]step{{0, 0, arm("a", 1, noon())}, {5 * minute, 0, disarm("a", 2)}, {6 * minute, 0, arm("a", 1, noon())}}, "12:00:30 " + first},
		"cancelled when it was invoked, and scheduled anew": {
			[]step{{0, 0, arm("a", 1, noon())}, {5 * minute, 0, disarm("a", 2)}, {20 * minute, 0, arm("a", 3, later)}}, "12:00:30 " + first},
		"deleted for good": {[]step{{0, 0, arm("a", 1, noon())}, {5 * minute, 0, disarm("a", 2)}, {11 * minute, 0, clearing("a", 2)}}, "12:00:30 " + first},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 200)
			var got []string
			for _, one := range c.steps {
				r.virtual.now = noon().Add(one.at)
				for _, firing := range r.fake.Fire() {
					got = append(got, firing.At.Format("15:04:05 ")+firing.Input)
				}
				read := r.virtual.now
				if one.read > 0 {
					read = noon().Add(one.read)
				}
				r.do(t, read, one.command)
			}
			if got = append(got, r.inputs()...); strings.Join(got, "; ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAScheduleThatIsAsItsRowSaysIsNotWrittenAgain(t *testing.T) {
	r := newRig(t, 200)
	for range 3 {
		if s := r.do(t, r.virtual.now, arm("a", 1, noon().Add(90*time.Second))); s.Armed != 1 || s.TooLate != 0 {
			t.Errorf("%+v", s)
		}
		r.virtual.now = r.virtual.now.Add(20 * time.Second)
	}
	if n := r.fake.Calls("UpdateSchedule"); n != 0 {
		t.Errorf("written %d times more", n)
	}
}

func TestAScheduleThatSomebodyDisabledIsEnabledWhenItsRowAsksForItAgain(t *testing.T) {
	r := newRig(t, 200)
	r.do(t, noon(), arm("a", 1, noon().Add(time.Hour)))
	in := r.schedule(arm("a", 1, noon()), noon(), first)
	if err := r.Armer.update(t.Context(), disabled(in), noon().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.virtual.now = noon().Add(2 * time.Hour)
	r.do(t, r.virtual.now, arm("a", 1, noon().Add(time.Hour)))
	if got := strings.Join(r.inputs(), "; "); got != "14:00:30 "+first {
		t.Errorf("got %q", got)
	}
}

func disabled(in *scheduler.CreateScheduleInput) *scheduler.CreateScheduleInput {
	in.State = types.ScheduleStateDisabled
	return in
}

func TestACommandThatIsTooOldIsNotCarriedOut(t *testing.T) {
	r := newRig(t, 200)
	*r.rows = pages{pages: []contract.Page{{Read: noon(), Commands: []contract.Command{arm("a", 1, noon())}}}}
	r.Rows = late{r.rows, func() { r.virtual.now = r.virtual.now.Add(61 * time.Second) }}
	s, err := r.Round(t.Context())
	if err != nil || s.Armed != 0 || s.Left != 1 || len(r.fake.Times()) > 0 || len(r.rows.reports) > 0 {
		t.Errorf("%+v, %v, %v", s, err, r.fake.Times())
	}
}

func TestANameThatSomebodyElseHasIsLeftAlone(t *testing.T) {
	r := newRig(t, 200)
	r.do(t, noon(), arm("a", 1, noon().Add(time.Hour)), arm("c", 1, noon().Add(time.Hour)))
	for id, description := range map[string]string{"b": "mine", "c": contract.ScheduleMark{Version: version(1), Read: noon()}.String()} {
		in := r.schedule(arm("x", 1, noon()), noon(), `{"id":"x"}`)
		in.Name, in.Description = aws.String(contract.ScheduleName(id)), aws.String(description)
		in.ScheduleExpression = aws.String("at(2031-01-02T13:30:00)")
		if id == "c" {
			_, _ = r.fake.DeleteSchedule(t.Context(), &scheduler.DeleteScheduleInput{Name: in.Name, GroupName: in.GroupName})
		}
		if _, err := r.fake.CreateSchedule(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	*r.rows = pages{pages: []contract.Page{{Read: noon(), Commands: []contract.Command{arm("b", 2, noon()), disarm("c", 2), arm("d", 1, noon().Add(time.Hour))}}}}
	s, err := r.Round(t.Context())
	if s.Left != 2 || s.Armed != 1 || err == nil || !strings.Contains(err.Error(), "is taken") {
		t.Errorf("%+v, %v", s, err)
	}
	if got := fmt.Sprint(r.inputs()); strings.Count(got, `"x"`) != 2 || !strings.Contains(got, `"d"`) {
		t.Errorf("invoked: %s", got)
	}
}

func TestASchedulesTargetIsTheSenderWithTheStacksRoleQueueAndKey(t *testing.T) {
	r := newRig(t, 200)
	r.do(t, noon(), arm("a", 1, noon().Add(time.Hour)))
	got, err := r.fake.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("row-a"), GroupName: aws.String("messages")})
	if err != nil {
		t.Fatal(err)
	}
	for what, ok := range map[string]bool{
		"target": *got.Target.Arn == r.SenderARN, "role": *got.Target.RoleArn == r.RoleARN, "queue": *got.Target.DeadLetterConfig.Arn == r.DeadLetterARN,
		"key": *got.KmsKeyArn == r.KeyARN, "zone": *got.ScheduleExpressionTimezone == "UTC", "after completion": got.ActionAfterCompletion == types.ActionAfterCompletionNone,
		"retries": *got.Target.RetryPolicy.MaximumRetryAttempts == 3 && *got.Target.RetryPolicy.MaximumEventAgeInSeconds == 3600,
	} {
		if !ok {
			t.Errorf("another %s: %+v %+v", what, got, got.Target)
		}
	}
}
