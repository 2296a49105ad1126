package main

import (
	"os"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// BenchmarkLargeTable asks each question of a table of 4,000,000 rows, in an environment that has its connection. Next to
// them stands the count of all rows by status, which is what `{}` must not cost.
//
//	go test -run '^$' -bench LargeTable -benchtime=50x ./lambda/status
func BenchmarkLargeTable(b *testing.B) {
	s := mysqltest.StartMariaDB(b, mysqltest.Arguments("--general-log=OFF", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M"))
	db := lambdatest.OpenAdmin(b, lambdatest.Prepare(b, s))
	fill(b, db, contract.Sent, 3_899_990)
	fill(b, db, contract.Failed, 100_000)
	fill(b, db, contract.Scheduled, 10)
	if _, err := db.Exec("ANALYZE TABLE messages"); err != nil {
		b.Fatal(err)
	}
	out, err := os.Create(os.DevNull)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	h := inProcess(b, s, out)
	for name, question := range map[string]string{"id": `{"id":"SENT-03000000"}`, "none": `{"id":"none"}`, "overview": "{}"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if got := ask(b, h, question); got["ok"] != true {
					b.Fatal(got)
				}
			}
		})
	}
	b.Run("count-of-all", func(b *testing.B) {
		for b.Loop() {
			rows, err := db.Query("SELECT status, COUNT(*) FROM messages GROUP BY status")
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
			}
			if err := rows.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
