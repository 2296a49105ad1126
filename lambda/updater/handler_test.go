package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/lambdatest"
	"scheduled-messages/lambda/message"
	"scheduled-messages/lambda/mysqltest"
)

func TestAQueryAnswersWithHealthAndWithAMessagesRow(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		h := inProcess(t, s, &secrets{password: appPassword}, t.Output())
		ask := func(event string) map[string]any {
			t.Helper()
			payload, err := h.Invoke(t.Context(), []byte(event))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]any{}
			if err := json.Unmarshal(payload, &got); err != nil {
				t.Fatal(err)
			}
			return got
		}
		ask(sentRecord("a"))
		ask(failedRecord("b"))
		ask(failedRecord("c"))
		got := ask(" {} ")
		counts := fmt.Sprint(got["counts"])
		if got["ok"] != true || got["serverVersion"] == "" || got["connectionId"].(float64) < 1 ||
			got["roundTripMs"].(float64) <= 0 || counts != "map[FAILED:2 SCHEDULED:0 SENT:1]" || got["message"] != nil {
			t.Errorf("got %v", got)
		}
		row := ask(`{"id":"a"}`)["message"].(map[string]any)
		if row["id"] != "a" || row["status"] != "SENT" || row["providerId"] != "p-a" || row["sentAt"] != "2026-11-21T12:00:00Z" {
			t.Errorf("got %v", row)
		}
		row = ask(`{"id":"b"}`)["message"].(map[string]any)
		if want := "2026-11-21T12:00:00.000Z RetriesExhausted after 3 attempts: the topic does not answer"; row["lastError"] != want {
			t.Errorf("got %v", row)
		}
		none := ask(`{"id":"' OR ''='"}`)
		if row, asked := none["message"]; row != nil || !asked {
			t.Errorf("got %v", none)
		}
	})
}

func TestWhatTheEventIsNotIsAnErrorThatSaysWhatItMayBe(t *testing.T) {
	h := &handler{log: nil}
	_, _, err := h.handle(t.Context(), []byte(`{"foo":"bar"}`))
	if err == nil || !strings.Contains(err.Error(), `neither {}, {"id":"..."} nor a destination record: version is ""`) {
		t.Errorf("got %v", err)
	}
}

func TestAStatementStaysBelowThe16KBFromWhereOnTheProxyPins(t *testing.T) {
	mysqltest.EachReal(t, statementsStayShort)
}

func statementsStayShort(t *testing.T, s *mysqltest.Server) {
	write := ways(t, prepare(t, s))["as deployed"]
	for i, filler := range []string{"💌", "'", "\x00", "\\", "ü"} {
		long := strings.Repeat(filler, 100_000)
		o := message.Outcome{ID: fmt.Sprintf("%064d", i), At: noon(), Channel: message.Channel(long)}
		o.Status, o.Error = message.Failed, long
		write(t, o)
		o.Status, o.SentAt, o.ProviderID = message.Sent, noon(), long
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
	for _, name := range []string{message.EnvDBHost, message.EnvDBPort, message.EnvDBName, message.EnvDBSecretARN, message.EnvDBMaxIdleSeconds} {
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
	h := &handler{database.NewPool(database.Server{}, w, secretARN, time.Minute, nil), jsonlog.New(t.Output())}
	end := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	if _, err := h.Invoke(ctx, []byte(sentRecord("m"))); err == nil || end.Sub(w.deadline) != 500*time.Millisecond {
		t.Errorf("got %v, with %s to spare", err, end.Sub(w.deadline))
	}
}

func TestAQueryThatCannotBeAnsweredSaysWhyAndIsNoError(t *testing.T) {
	// Lambda would try an error again and put it into the dead letters, which are for records that were not written.
	for _, query := range []string{"{}", `{"id":"m"}`} {
		out := &output{}
		h := &handler{database.NewPool(database.Server{}, &watch{}, secretARN, time.Minute, nil), jsonlog.New(out)}
		answer, err := h.Invoke(t.Context(), []byte(query))
		if want := `{"ok":false,"error":"none"}`; err != nil || string(answer) != want {
			t.Errorf("%s: got %s, %v, want %s", query, answer, err, want)
		}
		if line := out.lines(t)[0]; line["level"] != "ERROR" || line["error"] != "none" {
			t.Errorf("%s: logged %v", query, line)
		}
	}
}

func TestTheUpdaterIsWithoutAnAWSSDK(t *testing.T) {
	list, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.Lines(string(list)) {
		if strings.Contains(pkg, "aws-sdk-go") || strings.Contains(pkg, "smithy") {
			t.Errorf("it depends on %s", strings.TrimSpace(pkg))
		}
	}
	if !strings.Contains(string(list), "aws-lambda-go") {
		t.Errorf("not the updater's list: %s", list)
	}
}

func TestTheSampleEventIsARecordThatIsRead(t *testing.T) {
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := message.DecodeRecord(event)
	if err != nil || got.Status != message.Sent || got.Channel == "" || got.ProviderID == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
