package main

import (
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// insert adds rows of a status.
func insert(t testing.TB, db *sql.DB, status contract.Status, ids ...string) {
	t.Helper()
	var values []string
	for _, id := range ids {
		values = append(values, fmt.Sprintf("('%s', 'sns', '%s', '2026-11-21 12:00:00')", id, status))
	}
	if _, err := db.Exec("INSERT INTO messages (id, channel, status, scheduled_at) VALUES " + strings.Join(values, ",")); err != nil {
		t.Fatal(err)
	}
}

// inProcess is a handler for the server whose log goes to out.
func inProcess(t testing.TB, s *mysqltest.Server, out io.Writer) *handler {
	t.Helper()
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: lambdatest.Database}
	pool := mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.ReaderSecretARN, time.Minute, &tls.Config{RootCAs: s.Roots})
	t.Cleanup(pool.Close)
	return &handler{pool, time.Hour, jsonlog.New(out)}
}

// withSecrets is a handler that reaches no server.
func withSecrets(secrets mysql.Secrets, out io.Writer) *handler {
	return &handler{mysql.NewPool(mysql.Server{}, secrets, lambdatest.ReaderSecretARN, time.Minute, nil), time.Hour, jsonlog.New(out)}
}

// ask puts a question and returns the answer's fields.
func ask(t testing.TB, h *handler, question string) map[string]any {
	t.Helper()
	payload, err := h.Invoke(t.Context(), []byte(question))
	if err != nil {
		t.Fatal(err)
	}
	return fields(t, payload)
}

func fields(t testing.TB, text []byte) map[string]any {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return got
}

// logged is the one line that was logged.
func logged(t testing.TB, out *lambdatest.Output) map[string]any {
	t.Helper()
	lines := out.Lines(t)
	if len(lines) != 1 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	return lines[0]
}

func TestAnEmptyQuestionIsAnsweredWithHealthAndCounts(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		db, h := lambdatest.OpenAdmin(t, s), inProcess(t, s, t.Output())
		insert(t, db, contract.Sent, "a")
		insert(t, db, contract.Failed, "b", "c")
		got := ask(t, h, " {} ")
		counts := fmt.Sprint(got["counts"])
		if got["ok"] != true || got["serverVersion"] == "" || got["connectionId"].(float64) < 1 ||
			got["roundTripMs"].(float64) <= 0 || counts != "map[CANCELLED:0 FAILED:2 SCHEDULED:0 SENT:1]" || got["message"] != nil || got["countsCapped"] != nil {
			t.Errorf("got %v", got)
		}
	})
}

func TestAnIDIsAnsweredWithItsRow(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		db, h := lambdatest.OpenAdmin(t, s), inProcess(t, s, t.Output())
		for _, statement := range []string{
			"INSERT INTO messages (id, status, provider_id, sent_at) VALUES ('a', 'SENT', 'p-a', '2026-11-21 12:00:00')",
			"INSERT INTO messages (id, status, recipient, subject, last_error) VALUES ('b', 'FAILED', 'r', 's', 'why')",
		} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		got := ask(t, h, `{"id":"a"}`)
		row := got["message"].(map[string]any)
		if len(got) != 2 || got["ok"] != true || row["id"] != "a" || row["status"] != "SENT" || row["providerId"] != "p-a" || row["sentAt"] != "2026-11-21T12:00:00Z" {
			t.Errorf("got %v", got)
		}
		row = ask(t, h, `{"id":"b"}`)["message"].(map[string]any)
		if row["lastError"] != "why" || row["recipient"] != nil || row["subject"] != nil || row["sentAt"] != nil {
			t.Errorf("got %v", row)
		}
		for _, id := range []string{"A", "none", "'OR''='", `\\'`, "%"} { // ids that differ in case only are different messages
			got := ask(t, h, `{"id":"`+id+`"}`)
			if row, asked := got["message"]; got["ok"] != true || row != nil || !asked {
				t.Errorf("%s: got %v", id, got)
			}
		}
	})
}

// TestAQuestionThatIsNotOneIsRefusedAndDoesNotMakeTheStackLookUnhealthy asks what callers may ask by mistake. The database is not
// asked, and nothing is logged that an alarm or the dashboard counts.
func TestAQuestionThatIsNotOneIsRefusedAndDoesNotMakeTheStackLookUnhealthy(t *testing.T) {
	for question, want := range map[string]string{
		`{"id":"é"}`:          `id is "\u00e9": must be 1 to 64 printable ASCII characters without spaces`,
		`{"id":""}`:           `id is "": must be 1 to 64`,
		`{"id":"a b"}`:        `id is "a b": must be`,
		`{"id":"Error 9501"}`: `id is "Error 9501": must be`,
		`{"id":"a\u0000"}`:    `id is "a\x00": must be`,
		`{"id":"\ud800"}`:     `id is "\ufffd": must be`,
		`{"id":"` + strings.Repeat("x", 65) + `"}`:  `id is "` + strings.Repeat("x", 40) + `"...: must be`,
		`{"id":"` + strings.Repeat("x", 600) + `"}`: `the question has 609 bytes: must be {}, {"id":"..."} or {"overdue":true}`,
		`{"id":7}`:                  `id is not a string: must be`,
		`{"id":null}`:               `id is not a string: must be`,
		`{"id":["a"]}`:              `id is not a string: must be`,
		`{"ID":"a"}`:                `the question has other fields than id or overdue: must be`,
		`{"id":"a","more":1}`:       `the question has other fields than id or overdue: must be`,
		`{"overdue":false}`:         `overdue is not true: must be`,
		`{"overdue":true,"id":"a"}`: `the question has other fields than id or overdue: must be`,
		`[]`:                        `the question is not a JSON object: must be`,
		`null`:                      `the question is not a JSON object: must be`,
		`"a"`:                       `the question is not a JSON object: must be`,
		``:                          `the question is not a JSON object: must be`,
	} {
		out := &lambdatest.Output{}
		h := withSecrets(&lambdatest.FailingSecrets{Err: errors.New("the database was asked")}, out)
		got := ask(t, h, question)
		if reason, _ := got["refused"].(string); len(got) != 1 || !strings.HasPrefix(reason, want) {
			t.Errorf("%s: got %v, want %s", question, got, want)
		}
		line := logged(t, out)
		if line["msg"] != contract.LogRefused || line["level"] != "INFO" || line[contract.LogError] != nil || line[contract.LogRefused] != got["refused"] {
			t.Errorf("%s: logged %v", question, line)
		}
	}
}

func TestADatabaseThatCannotBeAskedIsReportedAndLoggedAndIsNoError(t *testing.T) {
	for _, question := range []string{"{}", `{"id":"m"}`} {
		out := &lambdatest.Output{}
		h := withSecrets(&lambdatest.FailingSecrets{Err: errors.New("none")}, out)
		if got := fmt.Sprint(ask(t, h, question)); got != "map[error:none ok:false]" {
			t.Errorf("%s: got %s", question, got)
		}
		if line := logged(t, out); line["level"] != "ERROR" || line["msg"] != contract.LogUnhealthy || line[contract.LogError] != "none" {
			t.Errorf("%s: logged %v", question, line)
		}
	}
}

func TestTheReaderCanWriteNothing(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		insert(t, lambdatest.OpenAdmin(t, s), contract.Scheduled, "a")
		reader := s.Open(t, lambdatest.ReaderUser, lambdatest.ReaderPassword, lambdatest.Database)
		for _, statement := range []string{
			"UPDATE messages SET status = 'SENT'", "INSERT INTO messages (id) VALUES ('b')", "DELETE FROM messages", "CREATE TABLE t (n INT)",
		} {
			if _, err := reader.Exec(statement); err == nil {
				t.Errorf("%s was not refused", statement)
			}
		}
		if got := ask(t, inProcess(t, s, t.Output()), "{}"); fmt.Sprint(got["counts"]) != "map[CANCELLED:0 FAILED:0 SCHEDULED:1 SENT:0]" {
			t.Errorf("got %v", got)
		}
	})
}

func TestStatusIsWithoutAnAWSSDKAndWithoutTheUpdatersStatements(t *testing.T) {
	lambdatest.HoldsNone(t, "aws-sdk-go", "smithy", "lambda/updater", "lambda/migrator")
}

func TestTheSampleEventIsAQuestion(t *testing.T) {
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	if q, err := decodeQuery(event); err != nil || q.ID == "" {
		t.Errorf("got %+v, %v", q, err)
	}
}
