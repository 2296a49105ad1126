package overdue

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/infra/sandbox/schedulertest"
	"scheduled-messages/lambda/contract"
)

// functions answers as the function status does, and keeps what the updater gets.
type functions struct {
	rows    []contract.OverdueRow
	failure string
	reports []string
}

func (f *functions) Invoke(_ context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	answer := map[string]any{"ok": f.failure == "", "error": f.failure, "overdue": f.rows}
	if aws.ToString(in.FunctionName) == "updater" {
		f.reports = append(f.reports, string(in.Payload))
		answer = map[string]any{"schedules": 1}
	} else if string(in.Payload) != `{"overdue":true}` {
		return nil, fmt.Errorf("asked %s", in.Payload)
	}
	payload, err := json.Marshal(answer)
	return &lambda.InvokeOutput{Payload: payload}, err
}

func noon() time.Time { return time.Date(2031, 1, 2, 12, 0, 0, 0, time.UTC) }

// rig is a client before a group with a schedule of each kind, two hours after noon.
func rig(t *testing.T) (*Client, *schedulertest.Fake, *functions) {
	t.Helper()
	now := noon().Add(-time.Minute)
	fake := schedulertest.New("messages", func() time.Time { return now })
	for name, at := range map[string]time.Time{"row-invoked": noon(), "theirs": noon(), "row-waiting": noon().Add(3 * time.Hour)} {
		_, err := fake.CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
			Name: aws.String(name), GroupName: aws.String("messages"), Description: aws.String("of " + name),
			ScheduleExpression: aws.String(contract.ScheduleExpression(at)), ScheduleExpressionTimezone: aws.String("UTC"),
			FlexibleTimeWindow:    &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
			ActionAfterCompletion: types.ActionAfterCompletionNone, State: types.ScheduleStateEnabled,
			KmsKeyArn: aws.String("arn:aws:kms:ap-northeast-2:111122223333:key/k"),
			Target: &types.Target{Arn: aws.String("arn:aws:lambda:ap-northeast-2:111122223333:function:sender"),
				RoleArn: aws.String("arn:aws:iam::111122223333:role/r"), Input: aws.String(`{"id":"` + name + `"}`)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	now = noon().Add(2 * time.Hour)
	fake.Fire()
	f := &functions{rows: []contract.OverdueRow{
		{ID: "invoked", Outbox: true, Armed: true}, {ID: "waiting", Outbox: true, Armed: true}, {ID: "due", Outbox: true},
		{ID: "lost", Outbox: true, Armed: true, Version: noon()}, {ID: "theirs"}, {ID: "deleted"}, {ID: "a/b"},
	}}
	return &Client{f, fake, "status", "updater", "messages", fake.Now}, fake, f
}

func TestEachOverdueMessageIsListedWithWhatSchedulerHasOfIt(t *testing.T) {
	c, _, _ := rig(t)
	all, err := c.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		got = append(got, fmt.Sprintf("%s: %s", m.ID, m.State))
	}
	if want := "invoked: invoked, waiting: waiting, due: due, lost: lost, theirs: invoked, deleted: unknown, a/b: unknown"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func TestOnlyWhatIsAskedForIsSentAgainAndAskedTwiceOnce(t *testing.T) {
	c, fake, f := rig(t)
	all, err := c.List(t.Context())
	if err != nil || len(fake.Fire()) > 0 || len(f.reports) > 0 || fake.Calls("UpdateSchedule") > 0 {
		t.Fatalf("a list has changed something: %q, %v", f.reports, err)
	}
	want := map[string]string{
		"invoked": "its schedule is set to at(2031-01-02T14:01:00)", "theirs": "its schedule is set to at(2031-01-02T14:01:00)",
		"lost": "the outbox makes its schedule anew", "waiting": `"waiting" waits for 2031-01-02 15:00:00 UTC`,
		"due": `"due" has no schedule yet`, "deleted": `"deleted" has no schedule deleted`, "a/b": `"a/b" has no schedule a/b`,
	}
	for _, m := range all {
		done, err := c.SendAgain(t.Context(), m)
		if err != nil {
			done = err.Error()
		}
		if !strings.HasPrefix(done, want[m.ID]) {
			t.Errorf("%s: got %q, want %q", m.ID, done, want[m.ID])
		}
	}
	if len(f.reports) != 1 || !strings.Contains(f.reports[0], `"id":"lost","op":"arm","version":"2031-01-01T12:00:00Z"`) {
		t.Errorf("reports %q", f.reports)
	}
	again, err := c.List(t.Context())
	if err != nil || again[0].State != Waiting || again[4].State != Waiting {
		t.Errorf("a second list has %+v, %v", again, err)
	}
	got, err := fake.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("row-invoked"), GroupName: aws.String("messages")})
	if err != nil || aws.ToString(got.Description) != "of row-invoked" || got.KmsKeyArn == nil || aws.ToString(got.Target.Input) != `{"id":"row-invoked"}` {
		t.Errorf("more than the time has changed: %+v, %v", got, err)
	}
}

func TestATableThatCannotBeReadIsAnError(t *testing.T) {
	c, _, f := rig(t)
	f.failure = "no connection"
	if _, err := c.List(t.Context()); err == nil || !strings.Contains(err.Error(), "status cannot read the table: no connection") {
		t.Errorf("got %v", err)
	}
}
