package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func TestAReportOfTheOutboxIsRecordedAndAHeartbeatCountsWhatIsOverdue(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		app, out := lambdatest.OpenApp(t, s), &lambdatest.Output{}
		h := inProcess(t, s, lambdatest.NewSecrets(), out)
		if _, err := app.Exec("INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES ('a', 'sns', '', 'x', ?)",
			time.Now().UTC().Add(-2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		state := contract.ScheduleState{ID: "a", Op: contract.Arm}
		if err := app.QueryRow("SELECT updated_at FROM messages").Scan(&state.Version); err != nil {
			t.Fatal(err)
		}
		event, err := json.Marshal(contract.ScheduleReport{Schedules: []contract.ScheduleState{state}})
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := h.Invoke(t.Context(), event); err != nil || string(answer) != `{"schedules":1,"rows":1}` {
			t.Errorf("got %s, %v", answer, err)
		}
		var due int
		if err := app.QueryRow("SELECT COUNT(todo) FROM messages").Scan(&due); err != nil || due != 0 {
			t.Errorf("%d rows ask for work, %v", due, err)
		}
		if answer, err := h.Invoke(t.Context(), []byte("{}")); err != nil || !strings.Contains(string(answer), `"overdue":1`) {
			t.Errorf("got %s, %v", answer, err)
		}
		_, err = h.Invoke(t.Context(), []byte(`{"schedules":[{"id":"a","op":"send","version":"2026-01-02T03:04:05Z"}]}`))
		if err == nil || !strings.Contains(err.Error(), `operation "send"`) {
			t.Errorf("got %v", err)
		}
		lines := out.Lines(t)
		if fmt.Sprintf("%v %v %v %v", lines[0][contract.LogSchedules], lines[0][contract.LogRows], lines[1][contract.LogOverdue], lines[2]["msg"]) != "1 1 1 failed" {
			t.Errorf("logged %v", lines)
		}
	})
}
