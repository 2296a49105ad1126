package main

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
)

func TestAServerThatIsNotThereYetIsWaitedFor(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)")})
		s.Stop(t)
		done := make(chan error, 1)
		go func() {
			_, err := m.handle(t.Context())
			done <- err
		}()
		select {
		case err := <-done:
			t.Fatalf("gave up on a server that was away: %v", err)
		case <-time.After(500 * time.Millisecond):
		}
		s.Restart(t)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestAServerThatNeverComesIsAnErrorBeforeTheDeadline(t *testing.T) {
	s := mysqltest.Start(t, mysqltest.Embedded())
	m := target(t, s, fstest.MapFS{})
	s.Stop(t)
	ctx, cancel := context.WithTimeout(t.Context(), margin+500*time.Millisecond)
	defer cancel()
	_, err := m.handle(ctx)
	if ctx.Err() != nil {
		t.Error("there was no time left to answer")
	}
	if err == nil || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), "security group") {
		t.Errorf("got %v", err)
	}
}

func TestAPasswordThatStaysWrongIsAnErrorLongBeforeTheDeadline(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{})
		m.cluster.Secrets.(lambdatest.Secrets)[lambdatest.AdminSecretARN] = contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: "Unmistakable-2"}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		_, err := m.handle(ctx)
		if !mysql.IsAccessDenied(err) || strings.Contains(err.Error(), "Unmistakable") {
			t.Errorf("got %v", err)
		}
	})
}

// rotating gives the password of before the first time that it is asked for the master user's.
type rotating struct {
	lambdatest.Secrets
	asked int
}

func (r *rotating) Get(ctx context.Context, arn string, into any) error {
	if arn == lambdatest.AdminSecretARN {
		if r.asked++; r.asked == 1 {
			*into.(*contract.DatabaseSecret) = contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: "before"}
			return nil
		}
	}
	return r.Secrets.Get(ctx, arn, into)
}

func TestAPasswordThatIsBeingRotatedIsReadAgain(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)")})
		m.cluster.Secrets = &rotating{Secrets: lambdatest.NewSecrets()}
		if _, err := m.handle(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// watching notes at each reading of the application's secret whether the lock was free.
type watching struct {
	lambdatest.Secrets
	admin *sql.DB
	free  []int
}

func (w *watching) Get(ctx context.Context, arn string, into any) error {
	if arn == lambdatest.AppSecretARN {
		free := -1
		if err := w.admin.QueryRowContext(ctx, "SELECT IS_FREE_LOCK(name) FROM scheduled_messages_maintenance.lock_name").Scan(&free); err != nil {
			return err
		}
		w.free = append(w.free, free)
	}
	return w.Secrets.Get(ctx, arn, into)
}

func TestThePasswordIsReadAndSetWithNoRotationInBetween(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)")})
		w := &watching{Secrets: lambdatest.NewSecrets(), admin: s.Admin(t)}
		m.cluster.Secrets = w
		if _, err := m.handle(t.Context()); err != nil || len(w.free) != 1 || w.free[0] != 0 {
			t.Errorf("got %v; while the secret was read, the lock was free: %v", err, w.free)
		}
	})
}

func TestACertificateOfAnUnknownAuthorityIsRefusedAtOnce(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{})
		m.cluster.Trust.RootCAs = mysqltest.Start(t, mysqltest.Embedded()).Roots
		if _, err := m.handle(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("got %v", err)
		}
	})
}

func TestAServerByAnotherNameIsRefusedAtOnce(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{})
		m.cluster.Trust.ServerName = "messages.cluster-x.us-east-1.rds.amazonaws.com" // the certificate is for localhost
		if _, err := m.handle(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("got %v", err)
		}
	})
}

func TestADatabaseThatIsNotThereIsAnErrorAtOnce(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{})
		m.cluster.Server.Name = "other"
		if _, err := m.handle(t.Context()); !mysql.Is(err, mysql.UnknownDatabase) {
			t.Errorf("got %v", err)
		}
	})
}
