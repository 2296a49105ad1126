package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/faults"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

func TestAHeartbeatReportsTheDatabasesHealthAndWritesNothing(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		h := inProcess(t, s, lambdatest.NewSecrets(), t.Output())
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
		if written := lambdatest.Rows(t, lambdatest.OpenApp(t, s)); len(written) > 0 {
			t.Errorf("wrote %v", written)
		}
	})
}

// TestOnlyTheSendersRecordsAreWritten hands over records of other functions, which a caller who may invoke the updater
// could make up, or a destination that points to it by mistake.
func TestOnlyTheSendersRecordsAreWritten(t *testing.T) {
	h := withSecrets(&lambdatest.FailingSecrets{Err: errNone}, t.Output())
	for _, arn := range []string{"", "sender", lambdatest.SenderARN + "2", lambdatest.SenderARN + "-old:$LATEST", strings.Replace(lambdatest.SenderARN, "us-east-1", "eu-west-1", 1) + ":$LATEST"} {
		for _, event := range []string{lambdatest.SentRecord("m"), lambdatest.FailedRecord("m")} {
			_, err := h.Invoke(t.Context(), []byte(strings.Replace(event, lambdatest.SenderARN+":$LATEST", arn, 1)))
			if err == nil || !strings.Contains(err.Error(), "the record is about ") || !strings.Contains(err.Error(), "must be about the sender, "+lambdatest.SenderARN) {
				t.Errorf("%q: %v", arn, err)
			}
		}
	}
	for _, qualifier := range []string{"", ":$LATEST", ":7", ":live"} {
		_, err := h.Invoke(t.Context(), []byte(strings.Replace(lambdatest.SentRecord("m"), lambdatest.SenderARN+":$LATEST", lambdatest.SenderARN+qualifier, 1)))
		if err == nil || err.Error() != "none" { // of the secret: the record was taken
			t.Errorf("%q: %v", qualifier, err)
		}
	}
}

func TestAnEventOfNoKnownKindIsAnErrorThatNamesTheKinds(t *testing.T) {
	h := &handler{log: jsonlog.New(t.Output())}
	for _, event := range []string{`{"foo":"bar"}`, `{"id":"m"}`} { // the second is a question for the function status
		_, err := h.Invoke(t.Context(), []byte(event))
		if err == nil || !strings.Contains(err.Error(), `neither {} nor a destination record: version is ""`) {
			t.Errorf("%s: got %v", event, err)
		}
	}
}

func TestAStatementStaysBelowThe16KBFromWhereOnTheProxyPins(t *testing.T) {
	mysqltest.EachReal(t, statementsStayShort)
}

func statementsStayShort(t *testing.T, s *mysqltest.Server) {
	write := ways(t, lambdatest.Prepare(t, s))["as deployed"]
	for i, filler := range []string{"💌", "'", "\x00", "\\", "ü"} {
		long := strings.Repeat(filler, 100_000)
		o := contract.Outcome{ID: fmt.Sprintf("%064d", i), At: lambdatest.Noon(), Channel: contract.Channel(long)}
		o.Status, o.Error = contract.Failed, long
		write(t, o)
		o.Status, o.SentAt, o.ProviderID = contract.Sent, lambdatest.Noon(), long
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
	c := lambdatest.StartCloud(t)
	complete := faults.Environment(&mysqltest.Server{Host: "localhost"}, 3306)
	for _, name := range []string{contract.EnvDBHost, contract.EnvDBPort, contract.EnvDBName, contract.EnvDBSecretARN, contract.EnvDBMaxIdleSeconds, contract.EnvSenderARN, contract.EnvOverdueSeconds} {
		out := &lambdatest.Output{}
		p := c.Run(t, binary, complete.With(name, ""), out)
		answer := lambdatest.Invoke(t, p, "{}", lambdatest.Timeout)
		if answer.Error == nil || answer.Error.Type != "Runtime.ExitError" {
			t.Errorf("without %s: got %+v", name, answer)
		}
		p.Stop()
		if lines := out.Lines(t); len(lines) != 1 || !strings.Contains(fmt.Sprint(lines[0]["error"]), name) {
			t.Errorf("without %s: got %v", name, lines)
		}
	}
}

func TestTheServersCertificateIsVerifiedAgainstTheSystemsRoots(t *testing.T) {
	s := lambdatest.Prepare(t, mysqltest.Start(t))
	c := lambdatest.StartCloud(t)
	binary := lambdatest.Build(t, ".")
	other := tcprelay.Start(t, "127.0.0.2", tcprelay.Local(s.Port), nil) // an address that the certificate does not name
	for name, run := range map[string]struct {
		environment lambdatest.Environment
		want        string
	}{
		"another root": {faults.Environment(s, s.Port).With("SSL_CERT_FILE", "/dev/null"), "unknown authority"},
		"another host": {faults.Environment(s, other.Port()).With(contract.EnvDBHost, "127.0.0.2"), "not 127.0.0.2"},
	} {
		p := c.Run(t, binary, run.environment, &lambdatest.Output{})
		answer := lambdatest.Invoke(t, p, lambdatest.SentRecord("m"), lambdatest.Timeout)
		if answer.Error == nil || !strings.Contains(answer.Error.Message, "x509") || !strings.Contains(answer.Error.Message, run.want) {
			t.Errorf("%s: got %+v", name, answer)
		}
	}
}

func TestASlowAnswerBecomesTheFunctionsOwnErrorBeforeItsTimeIsUp(t *testing.T) {
	s := lambdatest.Prepare(t, mysqltest.Start(t))
	c := lambdatest.StartCloud(t)
	c.Extension.Fail(make([]int, 1000)...) // status 0 hangs up
	p := c.Run(t, lambdatest.Build(t, "."), faults.Environment(s, s.Port), &lambdatest.Output{})
	answer := lambdatest.Invoke(t, p, lambdatest.SentRecord("m"), 3*time.Second)
	if answer.Error == nil || answer.Error.Type == "Sandbox.Timedout" || !strings.Contains(answer.Error.Message, "VPC endpoint") {
		t.Errorf("got %+v", answer)
	}
}

// errNone is the error of a secret that does not exist.
var errNone = errors.New("none")

// withSecrets is a handler that reaches no server.
func withSecrets(secrets mysql.Secrets, out io.Writer) *handler {
	pool := mysql.NewPool(mysql.Server{}, secrets, lambdatest.AppSecretARN, time.Minute, nil)
	return &handler{pool: pool, sender: lambdatest.SenderARN, overdueAfter: time.Hour, log: jsonlog.New(out)}
}

func TestTheDatabasesTimeEndsHalfASecondBeforeTheFunctions(t *testing.T) {
	w := &lambdatest.FailingSecrets{Err: errNone}
	h := withSecrets(w, t.Output())
	end := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	if _, err := h.Invoke(ctx, []byte(lambdatest.SentRecord("m"))); err == nil || end.Sub(w.Deadline) != 500*time.Millisecond {
		t.Errorf("got %v, with %s to spare", err, end.Sub(w.Deadline))
	}
}

func TestAHeartbeatThatCannotBeAnsweredReportsWhyAndIsNoError(t *testing.T) {
	// Lambda would try an error again and send it to the dead-letter queue, which is for records that were not written.
	out := &lambdatest.Output{}
	h := withSecrets(&lambdatest.FailingSecrets{Err: errNone}, out)
	answer, err := h.Invoke(t.Context(), []byte("{}"))
	if want := `{"ok":false,"error":"none"}`; err != nil || string(answer) != want {
		t.Errorf("got %s, %v, want %s", answer, err, want)
	}
	if line := out.Lines(t)[0]; line["level"] != "ERROR" || line["error"] != "none" {
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
