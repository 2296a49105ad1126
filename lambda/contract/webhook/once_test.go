package webhook_test

import (
	"database/sql"
	"errors"
	"os"
	"sync"
	"testing"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// openDatabase opens a database in this process. A receiver opens its own.
func openDatabase() *sql.DB {
	db, err := startDatabase()
	if err != nil {
		panic(err)
	}
	return db
}

func startDatabase() (*sql.DB, error) {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	certificate, err := mysqlserver.NewCertificate(folder, "localhost")
	if err != nil {
		return nil, err
	}
	port, err := mysqlserver.FreePort("127.0.0.1")
	if err != nil {
		return nil, err
	}
	login := mysqlserver.Login{Host: "localhost", Port: port, User: "receiver", Password: "example", CAFile: certificate.CAFile}
	server, err := mysqlserver.New(mysqlserver.Options{
		Kind:           mysqlserver.Embedded,
		Dir:            folder,
		Host:           "127.0.0.1",
		Port:           port,
		Certificate:    certificate,
		User:           login.User,
		Password:       login.Password,
		MaxConnections: 10,
	})
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	setUp, err := login.Open("")
	if err != nil {
		return nil, err
	}
	defer setUp.Close()
	if _, err := setUp.Exec("CREATE DATABASE shop"); err != nil {
		return nil, err
	}
	db, err := login.Open("shop")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(createProcessed)
	return db, err
}

func TestDeliveriesAtTheSameTimeAreProcessedOnce(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		s.Exec(t, "CREATE DATABASE shop")
		db := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "shop")
		for _, statement := range []string{createProcessed, "CREATE TABLE stock (n INT NOT NULL)", "INSERT INTO stock VALUES (0)"} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		broken := errors.New("broken")
		if done, err := processOnce(t.Context(), db, "order-1", func(*sql.Tx) error { return broken }); done || !errors.Is(err, broken) {
			t.Errorf("work that fails: %t, %v", done, err)
		}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				_, err := processOnce(t.Context(), db, "order-1", func(tx *sql.Tx) error {
					_, err := tx.Exec("UPDATE stock SET n = n + 1")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		var n int
		if err := db.QueryRow("SELECT n FROM stock").Scan(&n); err != nil || n != 1 {
			t.Errorf("processed %d times, %v", n, err)
		}
	})
}
