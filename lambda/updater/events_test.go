package main

import (
	"testing"

	"scheduled-messages/infra/sandbox/faults"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// TestEveryEventEndsWrittenOnceOrAsAnError runs the compiled function through each fault. What ends with an error is
// handed in again afterwards, as Lambda does; then each event has made one change to its row, and no more.
func TestEveryEventEndsWrittenOnceOrAsAnError(t *testing.T) {
	binary := lambdatest.Build(t, ".")
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		admin := lambdatest.OpenAdmin(t, s)
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
		before := 0 // entries of the general log
		if s.Real {
			before = len(s.GeneralLog(t))
		} else { // which runs triggers as the user whose statement it is
			s.Exec(t, "GRANT INSERT ON messages.changes TO app@'%'")
		}
		everything := map[string]string{}
		c := lambdatest.StartCloud(t)
		out := &lambdatest.Output{}
		for name, fault := range faults.All() {
			t.Run(name, func(t *testing.T) {
				r := faults.NewRun(t, c, s, name, binary, out)
				fault(r)
				r.Retry()
				for id, status := range r.Events() {
					everything[id] = status
				}
			})
		}
		written := lambdatest.Rows(t, admin)
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
		if all, early := c.Extension.Asked(); early > 0 || all == 0 {
			t.Errorf("the extension was asked %d times, %d of them before the first invocation", all, early)
		}
		faults.CheckLog(t, out, len(everything))
		if s.Real {
			faults.CheckProtocol(t, s.GeneralLog(t)[before:], len(everything))
		}
	})
}

func changes(t *testing.T, s *mysqltest.Server) map[string][]string {
	t.Helper()
	list, err := lambdatest.OpenAdmin(t, s).Query("SELECT id, status FROM changes")
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
