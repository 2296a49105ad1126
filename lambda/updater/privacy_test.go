package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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
	mysqltest.EachReal(t, noLogHoldsAMessage, mysqltest.Arguments("--slow-query-log=ON", "--long-query-time=1", "--log-output=FILE,TABLE",
		"--innodb-lock-wait-timeout=2", "--innodb-print-all-deadlocks=ON", "--loose-log-warnings=9", "--loose-log-error-verbosity=3"))
}

func noLogHoldsAMessage(t *testing.T, s *mysqltest.Server) {
	prepare(t, s)
	// A statement that inserts takes longer than long_query_time, as one does that waits for a small database to grow.
	s.Exec(t, "CREATE TRIGGER messages.slow BEFORE INSERT ON messages.messages FOR EACH ROW DO SLEEP(1.2)")
	c, out := startCloud(t), &output{}
	sender := c.start(t, lambdatest.Build(t, "../sender"), senderEnviron(t), out)
	updater := c.start(t, lambdatest.Build(t, "."), c.environ(s, "localhost", s.Port), out)
	status := c.start(t, lambdatest.Build(t, "../status"), append(c.environ(s, "localhost", s.Port), contract.EnvDBReaderSecretARN+"="+secretARN), out)
	failures := 0
	write := func(record string) {
		t.Helper()
		if answer := invoke(t, updater, record, timeout); answer.Error != nil {
			failures++
		}
		for _, question := range []string{"{}", `{"id":"sent"}`, record} { // the last is refused
			answer := invoke(t, status, question, timeout)
			if answer.Error != nil || strings.Contains(string(answer.Payload), "that-no-log-may-hold") {
				t.Errorf("status answers %s, %v", answer.Payload, answer.Error)
			}
		}
	}

	for id, m := range map[string]contract.Message{
		"sent":     {Channel: contract.SNS, To: secretRecipient, Subject: secretSubject, Body: body},
		"refused":  {Channel: contract.SNS, To: secretRecipient, Subject: secretSubject, Body: body + "refuse"},
		"failing":  {Channel: contract.SNS, To: secretRecipient, Subject: secretSubject, Body: body + "fail"},
		"stranger": {Channel: contract.Webhook, To: "https://evil.example/" + secretRecipient, Subject: secretSubject, Body: body},
		"closed":   {Channel: contract.Webhook, To: "https://localhost:1/" + secretRecipient, Subject: secretSubject, Body: body},
		"long":     {Channel: contract.SNS, To: secretRecipient, Subject: strings.Repeat(secretSubject, 9), Body: body},
		"bad id":   {Channel: contract.SNS, To: secretRecipient, Subject: secretSubject, Body: body},
	} {
		m.ID = id
		event, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		write(outcomeOf(t, m, invoke(t, sender, string(event), timeout)))
	}
	admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
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
			write(recordOf("EventAgeExceeded", contract.Message{ID: id, Channel: contract.SNS, To: secretRecipient, Subject: secretSubject, Body: body}, ""))
		}
		release.Stop()
		_ = tx.Rollback() // unless it is committed
	}
	s.Stop(t)
	write(sentRecord("sent"))
	s.Restart(t)

	if failures < 3 { // the id that is none, the lock's timeout, the server that is gone
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
		for _, secret := range []string{secretRecipient, secretSubject, body} {
			if at := strings.Index(logs[name], secret); at >= 0 {
				t.Errorf("%s holds %q: %.300s", name, secret, logs[name][max(0, at-200):])
			}
		}
	}
}

// senderEnviron is the environment of a sender whose SNS refuses or fails as the message's text says.
func senderEnviron(t *testing.T) []string {
	t.Helper()
	sns := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		status, code := http.StatusOK, ""
		switch text := r.FormValue("Message"); {
		case strings.HasSuffix(text, "refuse"):
			status, code = http.StatusBadRequest, "InvalidParameter"
		case strings.HasSuffix(text, "fail"):
			status, code = http.StatusInternalServerError, "InternalError"
		}
		w.WriteHeader(status)
		if code != "" {
			fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>No</Message></Error></ErrorResponse>`, code)
			return
		}
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>provider-1</MessageId></PublishResult></PublishResponse>`)
	}))
	t.Cleanup(sns.Close)
	return []string{
		"AWS_ACCESS_KEY_ID=AKIDTEST", "AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION=us-east-1", "AWS_ENDPOINT_URL_SNS=" + sns.URL,
		contract.EnvSNSTopicARN + "=arn:aws:sns:us-east-1:000000000000:messages",
		contract.EnvWebhookAllowedHosts + "=localhost:1", contract.EnvWebhookUnsafeAllowLoopback + "=true",
		contract.EnvWebhookSecretARN + "=" + secretARN,
	}
}

// outcomeOf is the destination record of what the sender made of a message, with its last attempt.
func outcomeOf(t *testing.T, m contract.Message, answer lambdaruntime.Answer) string {
	t.Helper()
	if answer.Error == nil {
		return recordOf("Success", m, string(answer.Payload))
	}
	said, err := json.Marshal(answer.Error)
	if err != nil {
		t.Fatal(err)
	}
	return recordOf("RetriesExhausted", m, string(said))
}

// slowLog is the statements of the server's slow query log.
func slowLog(t *testing.T, s *mysqltest.Server) string {
	t.Helper()
	var statements string
	err := s.Admin(t).QueryRow("SELECT COALESCE(GROUP_CONCAT(CONVERT(sql_text USING utf8mb4) SEPARATOR '\n'), '') FROM mysql.slow_log").Scan(&statements)
	if err != nil {
		t.Fatal(err)
	}
	return statements
}
