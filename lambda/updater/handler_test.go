package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

func TestAHeartbeatSaysHowTheDatabaseIsReachedAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		h := inProcess(t, s, &secrets{password: appPassword}, t.Output())
		for _, event := range []string{"{}", " {\n} "} {
			payload, err := h.Invoke(t.Context(), []byte(event))
			if err != nil {
				t.Fatal(err)
			}
			var got mysql.Health
			if err := json.Unmarshal(payload, &got); err != nil {
				t.Fatal(err)
			}
			if !got.OK || got.ServerVersion == "" || got.ConnectionID < 1 || got.RoundTripMS <= 0 {
				t.Errorf("%q: got %s", event, payload)
			}
		}
		if written := rows(t, s.Open(t, appUser, appPassword, databaseName)); len(written) > 0 {
			t.Errorf("wrote %v", written)
		}
	})
}

// TestOnlyTheSendersRecordsAreWritten hands over records of other functions, which a caller who may invoke the updater
// could make up, or a destination that points to it by mistake.
func TestOnlyTheSendersRecordsAreWritten(t *testing.T) {
	h := &handler{mysql.NewPool(mysql.Server{}, &watch{}, secretARN, time.Minute, nil), senderARN, jsonlog.New(t.Output())}
	for _, arn := range []string{"", "sender", senderARN + "2", senderARN + "-old:$LATEST", strings.Replace(senderARN, "us-east-1", "eu-west-1", 1) + ":$LATEST"} {
		for _, event := range []string{sentRecord("m"), failedRecord("m")} {
			_, err := h.Invoke(t.Context(), []byte(strings.Replace(event, senderARN+":$LATEST", arn, 1)))
			if err == nil || !strings.Contains(err.Error(), "the record is about ") || !strings.Contains(err.Error(), "allowed is the sender, "+senderARN) {
				t.Errorf("%q: %v", arn, err)
			}
		}
	}
	for _, qualifier := range []string{"", ":$LATEST", ":7", ":live"} {
		_, err := h.Invoke(t.Context(), []byte(strings.Replace(sentRecord("m"), senderARN+":$LATEST", senderARN+qualifier, 1)))
		if err == nil || err.Error() != "none" { // of the secret: the record was taken
			t.Errorf("%q: %v", qualifier, err)
		}
	}
}

func TestWhatTheEventIsNotIsAnErrorThatSaysWhatItMayBe(t *testing.T) {
	h := &handler{log: nil}
	for _, event := range []string{`{"foo":"bar"}`, `{"id":"m"}`} { // the second is a question for the function status
		_, _, err := h.handle(t.Context(), []byte(event))
		if err == nil || !strings.Contains(err.Error(), `neither {} nor a destination record: version is ""`) {
			t.Errorf("%s: got %v", event, err)
		}
	}
}

func TestAStatementStaysBelowThe16KBFromWhereOnTheProxyPins(t *testing.T) {
	mysqltest.EachReal(t, statementsStayShort)
}

func statementsStayShort(t *testing.T, s *mysqltest.Server) {
	write := ways(t, prepare(t, s))["as deployed"]
	for i, filler := range []string{"💌", "'", "\x00", "\\", "ü"} {
		long := strings.Repeat(filler, 100_000)
		o := contract.Outcome{ID: fmt.Sprintf("%064d", i), At: noon(), Channel: contract.Channel(long)}
		o.Status, o.Error = contract.Failed, long
		write(t, o)
		o.Status, o.SentAt, o.ProviderID = contract.Sent, noon(), long
		write(t, o)
		o.ID = "s" + o.ID[1:]
		write(t, o)
	}
	longest := 0
	for _, entry := range s.GeneralLog(t) {
		longest = max(longest, len(entry))
	}
	if longest < 4<<10 || longest >= 16<<10 {
		t.Errorf("the longest statement has %d bytes", longest)
	}
}

func TestAMissingVariableStopsTheColdStartAndIsNamed(t *testing.T) {
	binary := lambdatest.Build(t, ".")
	c := startCloud(t)
	complete := c.environ(&mysqltest.Server{}, "localhost", 3306)
	for _, name := range []string{contract.EnvDBHost, contract.EnvDBPort, contract.EnvDBName, contract.EnvDBSecretARN, contract.EnvDBMaxIdleSeconds, contract.EnvSenderARN} {
		var environ []string
		for _, variable := range complete {
			if !strings.HasPrefix(variable, name+"=") {
				environ = append(environ, variable)
			}
		}
		out := &output{}
		p := c.start(t, binary, environ, out)
		answer := invoke(t, p, "{}", timeout)
		if answer.Error == nil || answer.Error.Type != "Runtime.ExitError" {
			t.Errorf("without %s: got %+v", name, answer)
		}
		p.Stop()
		if lines := out.lines(t); len(lines) != 1 || !strings.Contains(fmt.Sprint(lines[0]["error"]), name) {
			t.Errorf("without %s: got %v", name, lines)
		}
	}
}

func TestTheServersCertificateIsVerifiedAgainstTheSystemsRoots(t *testing.T) {
	s := prepare(t, mysqltest.Start(t))
	c := startCloud(t)
	binary := lambdatest.Build(t, ".")
	other := startRelay(t, "127.0.0.2", s.Port) // an address that the certificate does not name
	for name, run := range map[string]struct {
		environ []string
		want    string
	}{
		"another root": {append(c.environ(s, "localhost", s.Port), "SSL_CERT_FILE=/dev/null"), "unknown authority"},
		"another host": {c.environ(s, "127.0.0.2", other.port()), "not 127.0.0.2"},
	} {
		p := c.start(t, binary, run.environ, &output{})
		answer := invoke(t, p, sentRecord("m"), timeout)
		if answer.Error == nil || !strings.Contains(answer.Error.Message, "x509") || !strings.Contains(answer.Error.Message, run.want) {
			t.Errorf("%s: got %+v", name, answer)
		}
	}
}

func TestASlowAnswerBecomesTheFunctionsOwnErrorBeforeItsTimeIsUp(t *testing.T) {
	s := prepare(t, mysqltest.Start(t))
	c := startCloud(t)
	c.extension.Fail(make([]int, 1000)...) // status 0 hangs up
	p := c.start(t, lambdatest.Build(t, "."), c.environ(s, "localhost", s.Port), &output{})
	answer := invoke(t, p, sentRecord("m"), 3*time.Second)
	if answer.Error == nil || answer.Error.Type == "Sandbox.Timedout" || !strings.Contains(answer.Error.Message, "VPC endpoint") {
		t.Errorf("got %+v", answer)
	}
}

// watch is a Secrets that has none, and notes how much time it was given.
type watch struct{ deadline time.Time }

func (w *watch) Get(ctx context.Context, _ string, _ any) error {
	w.deadline, _ = ctx.Deadline()
	return errors.New("none")
}

func TestTheDatabasesTimeEndsHalfASecondBeforeTheFunctions(t *testing.T) {
	w := &watch{}
	h := &handler{mysql.NewPool(mysql.Server{}, w, secretARN, time.Minute, nil), senderARN, jsonlog.New(t.Output())}
	end := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	if _, err := h.Invoke(ctx, []byte(sentRecord("m"))); err == nil || end.Sub(w.deadline) != 500*time.Millisecond {
		t.Errorf("got %v, with %s to spare", err, end.Sub(w.deadline))
	}
}

func TestAHeartbeatThatCannotBeAnsweredSaysWhyAndIsNoError(t *testing.T) {
	// Lambda would try an error again and put it into the dead letters, which are for records that were not written.
	out := &output{}
	h := &handler{mysql.NewPool(mysql.Server{}, &watch{}, secretARN, time.Minute, nil), senderARN, jsonlog.New(out)}
	answer, err := h.Invoke(t.Context(), []byte("{}"))
	if want := `{"ok":false,"error":"none"}`; err != nil || string(answer) != want {
		t.Errorf("got %s, %v, want %s", answer, err, want)
	}
	if line := out.lines(t)[0]; line["level"] != "ERROR" || line["error"] != "none" {
		t.Errorf("logged %v", line)
	}
}

func TestTheUpdaterIsWithoutAnAWSSDK(t *testing.T) { lambdatest.HoldsNone(t, "aws-sdk-go", "smithy") }

func TestTheSampleEventIsARecordThatIsRead(t *testing.T) {
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := contract.DecodeRecord(event)
	if err != nil || got.Status != contract.Sent || got.Channel == "" || got.ProviderID == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
