package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

func TestAnEmptyQuestionIsAnsweredWithHealthAndCounts(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		db, h := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName), inProcess(t, s, t.Output())
		insert(t, db, contract.Sent, "a")
		insert(t, db, contract.Failed, "b", "c")
		got := ask(t, h, " {} ")
		counts := fmt.Sprint(got["counts"])
		if got["ok"] != true || got["serverVersion"] == "" || got["connectionId"].(float64) < 1 ||
			got["roundTripMs"].(float64) <= 0 || counts != "map[FAILED:2 SCHEDULED:0 SENT:1]" || got["message"] != nil || got["countsCapped"] != nil {
			t.Errorf("got %v", got)
		}
	})
}

func TestAnIDIsAnsweredWithItsRow(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		db, h := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName), inProcess(t, s, t.Output())
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

// TestAQuestionThatIsNoneIsRefusedAndDoesNotMakeTheStackLookIll asks what callers may ask by mistake. The database is not
// asked, and nothing is logged that an alarm or the dashboard counts.
func TestAQuestionThatIsNoneIsRefusedAndDoesNotMakeTheStackLookIll(t *testing.T) {
	for question, want := range map[string]string{
		`{"id":"é"}`:          `id is "\u00e9": allowed are 1 to 64 printable ASCII characters without spaces`,
		`{"id":""}`:           `id is "": allowed are 1 to 64`,
		`{"id":"a b"}`:        `id is "a b": allowed are`,
		`{"id":"Error 9501"}`: `id is "Error 9501": allowed are`,
		`{"id":"a\u0000"}`:    `id is "a\x00": allowed are`,
		`{"id":"\ud800"}`:     `id is "\ufffd": allowed are`,
		`{"id":"` + strings.Repeat("x", 65) + `"}`:  `id is "` + strings.Repeat("x", 40) + `"...: allowed are`,
		`{"id":"` + strings.Repeat("x", 600) + `"}`: `the question has 609 bytes: allowed are {} and {"id":"..."}`,
		`{"id":7}`:            `id is no string: allowed are`,
		`{"id":null}`:         `id is no string: allowed are`,
		`{"id":["a"]}`:        `id is no string: allowed are`,
		`{"ID":"a"}`:          `the question has other fields than id: allowed are`,
		`{"id":"a","more":1}`: `the question has other fields than id: allowed are`,
		`[]`:                  `the question is no JSON object: allowed are`,
		`null`:                `the question is no JSON object: allowed are`,
		`"a"`:                 `the question is no JSON object: allowed are`,
		``:                    `the question is no JSON object: allowed are`,
	} {
		out := new(lambdaruntime.Output)
		h := &handler{mysql.NewPool(mysql.Server{}, keys{errors.New("the database was asked")}, secretARN, time.Minute, nil), jsonlog.New(out)}
		got := ask(t, h, question)
		if words, _ := got["refused"].(string); len(got) != 1 || !strings.HasPrefix(words, want) {
			t.Errorf("%s: got %v, want %s", question, got, want)
		}
		line := logged(t, out)
		if line["msg"] != contract.LogRefused || line["level"] != "INFO" || line[contract.LogError] != nil || line[contract.LogRefused] != got["refused"] {
			t.Errorf("%s: logged %v", question, line)
		}
	}
}

func TestADatabaseThatCannotBeAskedIsSaidAndLoggedAndIsNoError(t *testing.T) {
	for _, question := range []string{"{}", `{"id":"m"}`} {
		out := new(lambdaruntime.Output)
		h := &handler{mysql.NewPool(mysql.Server{}, keys{errors.New("none")}, secretARN, time.Minute, nil), jsonlog.New(out)}
		if got := fmt.Sprint(ask(t, h, question)); got != "map[error:none ok:false]" {
			t.Errorf("%s: got %s", question, got)
		}
		if line := logged(t, out); line["level"] != "ERROR" || line["msg"] != contract.LogUnhealthy || line[contract.LogError] != "none" {
			t.Errorf("%s: logged %v", question, line)
		}
	}
}

func TestTheReaderCanWriteNothing(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		insert(t, s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName), contract.Scheduled, "a")
		reader := s.Open(t, readerUser, readerPassword, databaseName)
		for _, statement := range []string{
			"UPDATE messages SET status = 'SENT'", "INSERT INTO messages (id) VALUES ('b')", "DELETE FROM messages", "CREATE TABLE t (n INT)",
		} {
			if _, err := reader.Exec(statement); err == nil {
				t.Errorf("%s was not refused", statement)
			}
		}
		if got := ask(t, inProcess(t, s, t.Output()), "{}"); fmt.Sprint(got["counts"]) != "map[FAILED:0 SCHEDULED:1 SENT:0]" {
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
