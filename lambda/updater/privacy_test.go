package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/faults"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// What no log may hold of a message.
const (
	secretRecipient = "Recipient-that-no-log-may-hold"
	secretSubject   = "Subject-that-no-log-may-hold"
)

// TestNoLogHoldsARecipientASubjectOrABody has the compiled sender and updater handle messages through faults, with every
// log of the server on, and reads all of them: the functions' output, and the server's general, slow and error logs.
func TestNoLogHoldsARecipientASubjectOrABody(t *testing.T) {
	mysqltest.EachReal(t, noLogHoldsAMessage, mysqltest.Arguments(
		"--slow-query-log=ON", "--long-query-time=1", "--log-output=FILE,TABLE", "--innodb-lock-wait-timeout=2",
		"--innodb-print-all-deadlocks=ON", "--loose-log-warnings=9", "--loose-log-error-verbosity=3"))
}

// secretMessage is a message of which no log may hold more than the id and the channel.
func secretMessage(id string, channel contract.Channel, to string) contract.Message {
	return contract.Message{ID: id, Channel: channel, To: to, Subject: secretSubject, Body: lambdatest.Body}
}

func noLogHoldsAMessage(t *testing.T, s *mysqltest.Server) {
	lambdatest.Prepare(t, s)
	// A statement that inserts takes longer than long_query_time, as one does that waits for a small database to grow.
	s.Exec(t, "CREATE TRIGGER messages.slow BEFORE INSERT ON messages.messages FOR EACH ROW DO SLEEP(1.2)")
	c, out := lambdatest.StartCloud(t), &lambdatest.Output{}
	sender := c.Run(t, lambdatest.Build(t, "../sender"), senderEnvironment(t), out)
	updater := c.Run(t, lambdatest.Build(t, "."), faults.Environment(s, s.Port), out)
	status := c.Run(t, lambdatest.Build(t, "../status"),
		faults.Environment(s, s.Port).With(contract.EnvDBReaderSecretARN, lambdatest.ReaderSecretARN), out)
	failures := 0
	write := func(record string) {
		t.Helper()
		if answer := lambdatest.Invoke(t, updater, record, lambdatest.Timeout); answer.Error != nil {
			failures++
		}
		for _, question := range []string{"{}", `{"id":"sent"}`, record} { // the last is refused
			answer := lambdatest.Invoke(t, status, question, lambdatest.Timeout)
			if answer.Error != nil || strings.Contains(string(answer.Payload), "that-no-log-may-hold") {
				t.Errorf("status answers %s, %v", answer.Payload, answer.Error)
			}
		}
	}

	long := secretMessage("long", contract.SNS, secretRecipient)
	long.Subject = strings.Repeat(secretSubject, 9)
	refused, failing := secretMessage("refused", contract.SNS, secretRecipient), secretMessage("failing", contract.SNS, secretRecipient)
	refused.Body += "refuse"
	failing.Body += "fail"
	for _, m := range []contract.Message{
		secretMessage("sent", contract.SNS, secretRecipient), refused, failing, long,
		secretMessage("stranger", contract.Webhook, "https://evil.example/"+secretRecipient),
		secretMessage("closed", contract.Webhook, "https://localhost:1/"+secretRecipient),
		secretMessage("bad id", contract.SNS, secretRecipient),
	} {
		event, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		write(outcomeOf(t, m, lambdatest.Invoke(t, sender, string(event), lambdatest.Timeout)))
	}
	admin := lambdatest.OpenAdmin(t, s)
	for _, held := range []time.Duration{1500 * time.Millisecond, 3 * time.Second} { // below the lock's timeout, and above
		tx, err := admin.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec("UPDATE messages SET status = 'SCHEDULED' WHERE status = 'FAILED'"); err != nil {
			t.Fatal(err)
		}
		release := time.AfterFunc(held, func() { _ = tx.Commit() })
		for _, id := range []string{"failing", "closed"} {
			write(lambdatest.MessageRecord("EventAgeExceeded", secretMessage(id, contract.SNS, secretRecipient), ""))
		}
		release.Stop()
		_ = tx.Rollback() // unless it is committed
	}
	s.Stop(t)
	write(lambdatest.SentRecord("sent"))
	s.Restart(t)

	if failures < 3 { // the id that is none, the lock's lambdatest.Timeout, the server that is gone
		t.Errorf("%d events failed", failures)
	}
	logs := map[string]string{
		"the functions' output": out.String(), "the general log": strings.Join(s.GeneralLog(t), "\n"),
		"the slow query log": slowLog(t, s), "the error log": s.ErrorLog(),
	}
	for name, want := range map[string]string{
		"the functions' output": "Error 1205", "the general log": "INSERT INTO messages", "the slow query log": "INSERT INTO messages",
		"the error log": "ready for connections",
	} {
		if !strings.Contains(logs[name], want) {
			t.Errorf("%s does not hold %q: the test proves nothing", name, want)
		}
		for _, secret := range []string{secretRecipient, secretSubject, lambdatest.Body} {
			if at := strings.Index(logs[name], secret); at >= 0 {
				t.Errorf("%s holds %q: %.300s", name, secret, logs[name][max(0, at-200):])
			}
		}
	}
}

// senderEnvironment is the environment of a sender whose SNS refuses or fails as the message's text says.
func senderEnvironment(t *testing.T) lambdatest.Environment {
	t.Helper()
	topic := lambdatest.NewTopic(func(r *http.Request) *lambdatest.TopicFault {
		switch text := r.FormValue("Message"); {
		case strings.HasSuffix(text, "refuse"):
			return &lambdatest.TopicFault{Status: http.StatusBadRequest, Code: "InvalidParameter", Message: "No"}
		case strings.HasSuffix(text, "fail"):
			return &lambdatest.TopicFault{Status: http.StatusInternalServerError, Code: "InternalError", Message: "No"}
		}
		return nil
	})
	return lambdatest.Environment{
		"AWS_ACCESS_KEY_ID":                    "AKIDTEST",
		"AWS_SECRET_ACCESS_KEY":                "secret",
		"AWS_REGION":                           "us-east-1",
		"AWS_ENDPOINT_URL_SNS":                 topic.Start(t),
		contract.EnvSNSTopicARN:                "arn:aws:sns:us-east-1:000000000000:messages",
		contract.EnvWebhookAllowedHosts:        "localhost:1",
		contract.EnvWebhookUnsafeAllowLoopback: "true",
		contract.EnvWebhookSecretARN:           lambdatest.AppSecretARN,
	}
}

// outcomeOf is the destination record of what the sender made of a message, with its last attempt.
func outcomeOf(t *testing.T, m contract.Message, answer lambdaruntime.Answer) string {
	t.Helper()
	if answer.Error == nil {
		return lambdatest.MessageRecord("Success", m, string(answer.Payload))
	}
	text, err := json.Marshal(answer.Error)
	if err != nil {
		t.Fatal(err)
	}
	return lambdatest.MessageRecord("RetriesExhausted", m, string(text))
}

// slowLog is the statements of the server's slow query log.
func slowLog(t *testing.T, s *mysqltest.Server) string {
	t.Helper()
	var statements string
	err := s.Admin(t).QueryRow("SELECT COALESCE(GROUP_CONCAT(CONVERT(sql_text USING utf8mb4) SEPARATOR '\n'), '') " +
		"FROM mysql.slow_log").Scan(&statements)
	if err != nil {
		t.Fatal(err)
	}
	return statements
}
