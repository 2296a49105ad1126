package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

// writers are how many environments write at the same time: as many as the pool has connections, since it queues the others.
const writers = poolSize

// BenchmarkThroughput is how many statuses a second reach a MySQL through 15 connections that a pool shares, and, by the same clients,
// how many bare UPDATEs: go test -run '^$' -bench Throughput -benchtime 20000x ./lambda/updater
func BenchmarkThroughput(b *testing.B) {
	s := lambdatest.Prepare(b, mysqltest.Start(b, mysqltest.On(mysqlserver.MySQL), mysqltest.MaxConnections(maxConnections)))
	if _, err := s.Open(b, mysqltest.AdminUser, mysqltest.AdminPassword, "").Exec("SET GLOBAL general_log = OFF"); err != nil {
		b.Fatal(err)
	}
	server := mysql.Server{Host: s.Host, Port: s.StartRouter(b, poolSize), Name: lambdatest.Database}
	var pools []*mysql.Pool
	for range writers {
		pool := mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.AppSecretARN, time.Hour, &tls.Config{RootCAs: s.Roots})
		b.Cleanup(pool.Close)
		pools = append(pools, pool)
	}
	b.Run("statuses", func(b *testing.B) {
		fill(b, s)
		measure(b, func(ctx context.Context, client, i int) error {
			h := &handler{pool: pools[client], sender: lambdatest.SenderARN, overdueAfter: time.Hour, log: jsonlog.New(&lambdatest.Output{})}
			_, err := h.Invoke(ctx, []byte(lambdatest.SentRecord(fmt.Sprintf("m%d", i))))
			return err
		})
	})
	b.Run("bare UPDATEs", func(b *testing.B) {
		fill(b, s)
		measure(b, func(ctx context.Context, client, i int) error {
			return pools[client].Do(ctx, func(ctx context.Context, db *sql.DB) error {
				_, err := db.ExecContext(ctx, "UPDATE messages SET status = 'SENT' WHERE id = ?", fmt.Sprintf("m%d", i))
				return err
			})
		})
	})
}

// fill gives each message of the benchmark its row.
func fill(b *testing.B, s *mysqltest.Server) {
	b.Helper()
	db := lambdatest.OpenApp(b, s)
	defer db.Close()
	for i := range b.N {
		if _, err := db.Exec("INSERT INTO messages (id, channel, status) VALUES (?, 'sns', 'SCHEDULED') "+
			"ON DUPLICATE KEY UPDATE status = 'SCHEDULED', provider_id = NULL, sent_at = NULL, last_error = NULL", fmt.Sprintf("m%d", i)); err != nil {
			b.Fatal(err)
		}
	}
}

// measure has all clients write at once until each message is written.
func measure(b *testing.B, write func(ctx context.Context, client, i int) error) {
	b.Helper()
	for client := range writers { // which connects
		if err := write(b.Context(), client, 0); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	var next atomic.Int64
	var group sync.WaitGroup
	for client := range writers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				if err := write(b.Context(), client, i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
