package main

import (
	"encoding/json"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// TestEveryEventEndsWrittenOnceOrAsAnError runs the compiled function through each fault. What comes to an error is
// handed in again afterwards, as Lambda does; then each event has made one change to its row, and no more.
func TestEveryEventEndsWrittenOnceOrAsAnError(t *testing.T) {
	binary := lambdatest.Build(t, ".")
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		prepare(t, s)
		admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
		for _, statement := range []string{
			"CREATE TABLE changes (id VARCHAR(64) NOT NULL, status VARCHAR(16) NOT NULL)",
			"CREATE TRIGGER inserted AFTER INSERT ON messages FOR EACH ROW INSERT INTO changes VALUES (NEW.id, NEW.status)",
			"CREATE TRIGGER updated AFTER UPDATE ON messages FOR EACH ROW INSERT INTO changes " +
				"SELECT NEW.id, NEW.status FROM DUAL WHERE OLD.updated_at <> NEW.updated_at OR OLD.status <> NEW.status",
		} {
			if _, err := admin.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		if !s.Real { // which runs triggers as the user whose statement it is
			s.Exec(t, "GRANT INSERT ON messages.changes TO app@'%'")
		}
		everything := map[string]string{}
		c := startCloud(t)
		out := &output{}
		for name, fault := range faults() {
			t.Run(name, func(t *testing.T) {
				r := &run{t: t, cloud: c, server: s, binary: binary, out: out, name: name, events: map[string]string{}}
				r.relay = startRelay(t, "127.0.0.1", s.Port)
				r.start()
				fault(r)
				r.retry()
				for id, status := range r.events {
					everything[id] = status
				}
			})
		}
		written := rows(t, admin)
		changes := changes(t, s)
		for id, status := range everything {
			// The embedded server runs INSERT triggers for rows that were there as well, so it cannot count.
			if written[id].Status != status || s.Real && len(changes[id]) != 1 {
				t.Errorf("%s: want %s by one change, got %+v by %q", id, status, written[id], changes[id])
			}
		}
		if len(written) != len(everything) {
			t.Errorf("%d events made %d rows", len(everything), len(written))
		}
		if all, early := c.extension.Asked(); early > 0 || all == 0 {
			t.Errorf("the extension was asked %d times, %d of them before the first invocation", all, early)
		}
		checkLog(t, out, len(everything))
		if s.Real {
			checkProtocol(t, s, len(everything))
		}
	})
}

func changes(t *testing.T, s *mysqltest.Server) map[string][]string {
	t.Helper()
	list, err := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName).Query("SELECT id, status FROM changes")
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	all := map[string][]string{}
	for list.Next() {
		var id, status string
		if err := list.Scan(&id, &status); err != nil {
			t.Fatal(err)
		}
		all[id] = append(all[id], status)
	}
	return all
}

// connection asks the function which connection it has.
func connection(t *testing.T, p *lambdaruntime.Process) any {
	t.Helper()
	answer := invoke(t, p, "{}", timeout)
	if answer.Error != nil {
		t.Fatal(answer.Error)
	}
	health := map[string]any{}
	if err := json.Unmarshal(answer.Payload, &health); err != nil {
		t.Fatal(err)
	}
	return health["connectionId"]
}
