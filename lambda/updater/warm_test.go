package main

import (
	"crypto/tls"
	"database/sql"
	"os"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

// BenchmarkWarm is what a status costs in an environment that has its connection, without Lambda's own API: time,
// allocations and bytes on the wire, next to a bare UPDATE of the same columns.
func BenchmarkWarm(b *testing.B) {
	s := lambdatest.Prepare(b, mysqltest.StartMariaDB(b, mysqltest.Arguments("--general-log=OFF")))
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: lambdatest.Database}
	trust := &tls.Config{RootCAs: s.Roots}
	config := mysql.Config(contract.DatabaseSecret{Username: lambdatest.AppUser, Password: lambdatest.AppPassword}, server, trust)
	connector, err := driver.NewConnector(config)
	if err != nil {
		b.Fatal(err)
	}
	bare := sql.OpenDB(connector)
	defer bare.Close()
	bare.SetMaxOpenConns(1)
	out, err := os.Create(os.DevNull)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	h := &handler{pool: mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.AppSecretARN, time.Hour, trust), sender: lambdatest.SenderARN, overdueAfter: time.Hour, log: jsonlog.New(out)}
	defer h.pool.Close()
	admin := lambdatest.OpenAdmin(b, s)
	ctx := b.Context()
	for name, write := range map[string]func(id string, event []byte) error{
		"bare": func(id string, _ []byte) error {
			_, err := bare.ExecContext(ctx,
				"UPDATE messages SET status = 'SENT', provider_id = 'p', sent_at = '2026-11-21 12:00:00' WHERE id = ?", id)
			return err
		},
		"updater": func(_ string, event []byte) error {
			_, err := h.Invoke(ctx, event)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var ids []string
			var events [][]byte
			for b.Loop() {
				if len(ids) == 0 {
					b.StopTimer()
					ids, events = batch(b, s)
					b.StartTimer()
				}
				if err := write(ids[0], events[0]); err != nil {
					b.Fatal(err)
				}
				ids, events = ids[1:], events[1:]
			}
			ids, events = batch(b, s)
			before := traffic(b, admin)
			for i, id := range ids {
				if err := write(id, events[i]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(traffic(b, admin)-before)/float64(len(ids)), "wire-B/op")
		})
	}
}

// batch is schedule with the records as a handler gets them.
func batch(b *testing.B, s *mysqltest.Server) (ids []string, events [][]byte) {
	b.Helper()
	ids, texts := schedule(b, s)
	for _, text := range texts {
		events = append(events, []byte(text))
	}
	return ids, events
}

// traffic is how many bytes the server has read and written, without TLS.
func traffic(b *testing.B, admin *sql.DB) (bytes int64) {
	b.Helper()
	err := admin.QueryRow(`SELECT CAST(SUM(VARIABLE_VALUE) AS UNSIGNED) FROM information_schema.GLOBAL_STATUS
WHERE VARIABLE_NAME IN ('BYTES_RECEIVED', 'BYTES_SENT')`).Scan(&bytes)
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}
