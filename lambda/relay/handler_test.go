package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

// inProcess is a handler for the server, with the application's user.
func inProcess(t *testing.T, s *mysqltest.Server, out io.Writer) *handler {
	t.Helper()
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: lambdatest.Database}
	pool := mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.AppSecretARN, time.Minute, &tls.Config{RootCAs: s.Roots})
	t.Cleanup(pool.Close)
	return &handler{pool, time.Now, time.Hour, jsonlog.New(out)}
}

func ask(t *testing.T, h *handler, event string) (p contract.Page) {
	t.Helper()
	answer, err := h.Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRelayAnswersWhatRowsAskForAsTheApplicationsUserAndWritesNothing(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		out := &lambdatest.Output{}
		h, app := inProcess(t, s, out), lambdatest.OpenApp(t, s)
		for id, ago := range map[string]time.Duration{"a": 2 * time.Hour, "b": -time.Hour} {
			if _, err := app.Exec("INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES (?, 'sns', '', 'x', ?)",
				id, time.Now().UTC().Add(-ago)); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if p := ask(t, h, "{}"); len(p.Commands) != 2 || p.Commands[0].ID != "a" || p.Next != nil || time.Since(p.Read) > time.Minute {
				t.Errorf("got %+v", p)
			}
		}
		first := ask(t, h, "{}").Commands[0]
		after, err := json.Marshal(contract.RelayQuery{After: &contract.Cursor{Todo: 1, DueAt: first.At, ID: first.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if p := ask(t, h, string(after)); len(p.Commands) != 1 || p.Commands[0].ID != "b" {
			t.Errorf("after a: %+v", p)
		}
		lines := out.Lines(t)
		if line := lines[0]; line["msg"] != contract.LogDone || line[contract.LogOverdue] != 1.0 || line[contract.LogCommands] != 2.0 || line[contract.LogMore] != false {
			t.Errorf("logged %v", line)
		}
		if line := lines[len(lines)-1]; line[contract.LogOverdue] != nil { // which a round counts once
			t.Errorf("logged %v", line)
		}
	})
}

func TestWhatRelayCannotAnswerIsAnError(t *testing.T) {
	h := &handler{mysql.NewPool(mysql.Server{}, &lambdatest.FailingSecrets{Err: errors.New("no secret")}, lambdatest.AppSecretARN, time.Minute, nil),
		time.Now, time.Hour, slog.New(slog.DiscardHandler)}
	for event, want := range map[string]string{"{}": "no secret", "[]": "not a JSON object with a cursor", `{"after":7}`: "not a JSON object with a cursor"} {
		if _, err := h.Invoke(t.Context(), []byte(event)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", event, err)
		}
	}
}

func TestAMissingVariableIsNamed(t *testing.T) {
	variables := map[string]string{contract.EnvDBHost: "h", contract.EnvDBPort: "3306", contract.EnvDBName: "messages",
		contract.EnvDBSecretARN: "arn", contract.EnvDBMaxIdleSeconds: "55", contract.EnvOverdueSeconds: "4500"}
	for name := range variables {
		_, err := newHandler(func(asked string) string {
			if asked == name {
				return ""
			}
			return variables[asked]
		}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(fmt.Sprint(err), name+" is ") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestRelayIsWithoutAnAWSSDK(t *testing.T) { lambdatest.HoldsNone(t, "aws-sdk-go", "smithy") }
