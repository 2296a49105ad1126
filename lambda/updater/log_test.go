package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func TestTheLogHasWhatWentWrongInTheFieldsThatAlarmsRead(t *testing.T) {
	timedOut := &driver.MySQLError{
		Number: 9501, SQLState: [5]byte{'H', 'Y', '0', '0', '0'}, Message: "Timed-out waiting to acquire database connection",
	}
	for event, msg := range map[string]string{"{}": contract.LogUnhealthy, lambdatest.SentRecord("m"): "failed"} {
		out := &lambdatest.Output{}
		h := withSecrets(&lambdatest.FailingSecrets{Err: timedOut}, out)
		_, _ = h.Invoke(t.Context(), []byte(event))
		line := out.Lines(t)[0]
		reason, _ := line[contract.LogError].(string)
		if line["msg"] != msg || line["level"] != "ERROR" || !strings.Contains(reason, contract.LogBorrowTimeout) {
			t.Errorf("%s: logged %v", event, line)
		}
		if strings.Contains(event, `"m"`) && line[contract.LogMessageID] != "m" {
			t.Errorf("%s: the message is %v", event, line[contract.LogMessageID])
		}
	}
}

func TestTheLogHasWhatWasWrittenInTheFieldsThatTheDashboardReads(t *testing.T) {
	s := lambdatest.Prepare(t, mysqltest.Start(t))
	out := &lambdatest.Output{}
	h := inProcess(t, s, lambdatest.NewSecrets(), out)
	if _, err := h.Invoke(t.Context(), []byte(lambdatest.SentRecord("m"))); err != nil {
		t.Fatal(err)
	}
	if line := out.Lines(t)[0]; line["msg"] != contract.LogDone || line[contract.LogStatus] != string(contract.Sent) || line[contract.LogMessageID] != "m" {
		t.Errorf("logged %v", line)
	}
	if _, err := h.Invoke(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if line := out.Lines(t)[1]; line[contract.LogStatus] != nil || line["msg"] != contract.LogDone {
		t.Errorf("a heartbeat counts as a status: %v", line)
	}
}

func TestAnErrorIsShortEnoughForTheRecordThatHoldsTheEvent(t *testing.T) {
	long := &lambdatest.FailingSecrets{Err: errors.New(strings.Repeat("ü", 100_000))}
	h := withSecrets(long, t.Output())
	_, err := h.Invoke(t.Context(), []byte(lambdatest.SentRecord("m")))
	if err == nil || len(err.Error()) != contract.MaxReasonLength {
		t.Errorf("the error has %d bytes, want %d", len(fmt.Sprint(err)), contract.MaxReasonLength)
	}
}
