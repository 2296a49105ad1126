package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

// refusing is a Secrets that fails as the database would.
type refusing struct{ err error }

func (r refusing) Get(context.Context, string, any) error { return r.err }

func TestLogSaysInTheFieldsThatAlarmsReadWhatWentWrong(t *testing.T) {
	timedOut := &driver.MySQLError{Number: 9501, SQLState: [5]byte{'H', 'Y', '0', '0', '0'}, Message: "Timed-out waiting to acquire database connection"}
	for event, msg := range map[string]string{"{}": contract.LogUnhealthy, sentRecord("m"): "failed"} {
		out := &output{}
		h := &handler{mysql.NewPool(mysql.Server{}, refusing{timedOut}, secretARN, time.Minute, nil), senderARN, jsonlog.New(out)}
		_, _ = h.Invoke(t.Context(), []byte(event))
		line := out.lines(t)[0]
		reason, _ := line[contract.LogError].(string)
		if line["msg"] != msg || line["level"] != "ERROR" || !strings.Contains(reason, contract.LogBorrowTimeout) {
			t.Errorf("%s: logged %v", event, line)
		}
		if strings.Contains(event, `"m"`) && line[contract.LogMessageID] != "m" {
			t.Errorf("%s: the message is %v", event, line[contract.LogMessageID])
		}
	}
}

func TestLogSaysInTheFieldsThatTheDashboardReadsWhatWasWritten(t *testing.T) {
	s := prepare(t, mysqltest.Start(t))
	out := &output{}
	h := inProcess(t, s, &secrets{password: appPassword}, out)
	if _, err := h.Invoke(t.Context(), []byte(sentRecord("m"))); err != nil {
		t.Fatal(err)
	}
	if line := out.lines(t)[0]; line["msg"] != contract.LogDone || line[contract.LogStatus] != string(contract.Sent) || line[contract.LogMessageID] != "m" {
		t.Errorf("logged %v", line)
	}
	if _, err := h.Invoke(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if line := out.lines(t)[1]; line[contract.LogStatus] != nil || line["msg"] != contract.LogDone {
		t.Errorf("a heartbeat counts as a status: %v", line)
	}
}

func TestAnErrorIsShortEnoughForTheRecordThatHoldsTheEvent(t *testing.T) {
	long := refusing{errors.New(strings.Repeat("ü", 100_000))}
	h := &handler{mysql.NewPool(mysql.Server{}, long, secretARN, time.Minute, nil), senderARN, jsonlog.New(t.Output())}
	_, err := h.Invoke(t.Context(), []byte(sentRecord("m")))
	if err == nil || len(err.Error()) != contract.MaxReasonLength {
		t.Errorf("the error has %d bytes, want %d", len(fmt.Sprint(err)), contract.MaxReasonLength)
	}
}
