package main

import (
	"fmt"
	"testing"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// startHAProxy starts a proxy that lets poolSize connections at a time through to the server, and has the others wait.
func startHAProxy(t *testing.T, server int) int {
	t.Helper()
	own, err := mysqlserver.FreePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	pool, err := mysqlserver.StartPool(t.TempDir(), fmt.Sprintf("127.0.0.1:%d", own), fmt.Sprintf("127.0.0.1:%d", server), poolSize)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Stop(); err != nil {
			t.Error(err)
		}
	})
	return own
}
