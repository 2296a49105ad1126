package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	scheduling "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"scheduled-messages/infra/internal/command"
)

// fakeUpdater answers a query of an id, or of its health when that is empty.
type fakeUpdater struct {
	takes  time.Duration
	answer func(id string) string
	asked  map[string]int
}

func (u *fakeUpdater) Invoke(_ context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	time.Sleep(u.takes)
	var query struct{ ID string }
	if err := json.Unmarshal(in.Payload, &query); err != nil {
		return nil, err
	}
	u.asked[query.ID]++
	return &lambda.InvokeOutput{Payload: []byte(u.answer(query.ID))}, nil
}

// fakeScheduler takes schedules, or says why not.
type fakeScheduler struct {
	scheduleAPI
	refuse func(input string) error
	inputs []string
}

func (s *fakeScheduler) CreateSchedule(_ context.Context, in *scheduler.CreateScheduleInput, _ ...func(*scheduler.Options)) (*scheduler.CreateScheduleOutput, error) {
	if err := s.refuse(aws.ToString(in.Target.Input)); err != nil {
		return nil, err
	}
	s.inputs = append(s.inputs, aws.ToString(in.Target.Input))
	return &scheduler.CreateScheduleOutput{}, nil
}

func (s *fakeScheduler) ListSchedules(context.Context, *scheduler.ListSchedulesInput, ...func(*scheduler.Options)) (*scheduler.ListSchedulesOutput, error) {
	return &scheduler.ListSchedulesOutput{}, nil
}

const healthyAnswer = `{"ok":true,"message":null}`

// resending is a client in front of a queue of n messages, an updater that finds no rows, and a Scheduler that takes all.
func resendingClient(t *testing.T, n int) (*client, *fakeSQS, *fakeUpdater, *fakeScheduler, *screen) {
	f, s := newFakeSQS(t, n, 20*time.Millisecond)
	u := &fakeUpdater{answer: func(string) string { return healthyAnswer }, asked: map[string]int{}}
	schedules := &fakeScheduler{refuse: func(string) error { return nil }}
	c := fakeClient(f, s)
	c.functions, c.schedules = u, schedules
	return c, f, u, schedules, s
}

func TestAMessageThatSchedulerRefusesStaysAndTheOthersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, _, schedules, s := resendingClient(t, 5)
		schedules.refuse = func(input string) error {
			if strings.Contains(input, `"m-2"`) {
				return &scheduling.ValidationException{Message: aws.String("Invalid Input")}
			}
			return nil
		}
		for range 3 {
			err := c.resend(t.Context(), false)
			if err == nil || err.Error() != "1 dead-letter message stays, for the reason above" {
				t.Errorf("its error is %v", err)
			}
			if !strings.Contains(s.text(), `undelivered: sqs-m-2, message "m-2" stays: ValidationException: Invalid Input`) {
				t.Errorf("it says\n%s", s.text())
			}
			if len(schedules.inputs) != 4 || f.alive != 1 || f.inFlight() != 0 {
				t.Errorf("%d schedules, %d messages left, %d in flight", len(schedules.inputs), f.alive, f.inFlight())
			}
		}
	})
}

func TestAFaultOfSchedulerItselfStopsResend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, u, schedules, _ := resendingClient(t, 50)
		schedules.refuse = func(string) error { return &scheduling.ServiceQuotaExceededException{Message: aws.String("full")} }
		if err := c.resend(t.Context(), false); err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("its error is %v", err)
		}
		if len(u.asked) != 1 || f.alive != 50 || f.inFlight() != 0 {
			t.Errorf("%d messages were tried, %d are left, %d in flight", len(u.asked), f.alive, f.inFlight())
		}
	})
}

func TestAMessageWhoseRowAloneCannotBeReadStaysAndTheOthersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, u, schedules, s := resendingClient(t, 5)
		u.answer = func(id string) string {
			if id == "m-3" {
				return `{"ok":false,"error":"Error 1267 Illegal mix of collations"}`
			}
			return healthyAnswer
		}
		if err := c.resend(t.Context(), false); err == nil || !strings.HasPrefix(err.Error(), "1 dead-letter message stays") {
			t.Errorf("its error is %v", err)
		}
		if !strings.Contains(s.text(), `message "m-3" stays: status cannot read its row: Error 1267`) || len(schedules.inputs) != 4 || f.alive != 1 {
			t.Errorf("%d schedules, %d messages left\n%s", len(schedules.inputs), f.alive, s.text())
		}
	})
}

func TestResendAsksForEachMessageOnceHoweverLongItTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 3000
		c, f, u, _, s := resendingClient(t, n)
		f.repeated = 5
		u.takes = 2 * time.Second // longer in all than a message is hidden at first, six times
		u.answer = func(string) string { return `{"ok":true,"message":{"status":"FAILED"}}` }
		if err := c.resend(t.Context(), false); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(n, " dead-letter messages stay")) {
			t.Errorf("its error is %v", err)
		}
		if len(u.asked) != n || most(u.asked) != 1 || f.inFlight() != 0 {
			t.Errorf("%d messages were asked for, one of them %d times; %d are in flight", len(u.asked), most(u.asked), f.inFlight())
		}
		listsAll(t, s, n)
	})
}

func TestAMessageThatSQSHandsOutAfterItsDeletionIsDeletedAgainAndNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 300
		c, f, _, schedules, _ := resendingClient(t, n)
		f.repeated = 2
		if err := c.resend(t.Context(), false); err != nil {
			t.Error(err)
		}
		if len(schedules.inputs) != n || f.alive != 0 || len(f.deleted) == n {
			t.Errorf("%d schedules of %d messages, %d left, %d deletions", len(schedules.inputs), n, f.alive, len(f.deleted))
		}
	})
}

// hostile has what a terminal obeys: sequences that set the title, clear the screen, move the cursor and ring, and
// characters that change the direction of the text.
const hostile = "\x1b]0;owned\x07\x1b[2J\r\nunwritten: 0 done\u009b31m\u202e\x00"

func TestNothingThatATerminalObeysIsPrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, u, _, s := resendingClient(t, 1)
		f.body = func(string) string { return `{"id":"` + hostile + `"}` + hostile }
		f.visible[0].attributes = map[string]types.MessageAttributeValue{}
		for name := range schedulerAttributes("g/" + hostile) {
			f.visible[0].attributes[name] = types.MessageAttributeValue{StringValue: aws.String(hostile)}
		}
		record := strings.ReplaceAll(unwrittenRecord(`{"a":"b","c":"d"}`), "database: gone", `\u001b[2J\u0007\r\n\u009b31m`)
		for _, change := range []string{"RetriesExhausted", "function:updater"} {
			record = strings.Replace(record, change, change+`\u001b[2J\u0007\r\n\u202e`, 1)
		}
		m := &deadLetter{body: record}
		m.decodeUnwritten(c.outputs)
		if !strings.Contains(m.reason+m.parseErr.Error(), "\x1b") {
			t.Fatalf("the record is read as %+v", m)
		}
		c.describe(c.queues(listing)[0], m, true)
		u.answer = func(string) string { return `{"ok":false,"error":"\u001b[2J\u0007"}` }
		if err := c.list(t.Context(), true); err != nil {
			t.Error(err)
		}
		if err := c.resend(t.Context(), false); err == nil {
			t.Error("it is resent")
		}
		fmt.Fprintln(s, command.Failure(deadletters(), fmt.Errorf("undelivered: %s", hostile)))
		for _, line := range s.lines {
			if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Errorf("it prints %q", line)
			}
		}
		for _, want := range []string{`\x1b[2J`, `\u009b31m`, `\u202e`, "deadletters: undelivered: "} {
			if !strings.Contains(s.text(), want) {
				t.Errorf("there is no %s in\n%s", want, s.text())
			}
		}
	})
}
