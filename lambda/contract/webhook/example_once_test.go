package webhook_test

import (
	"context"
	"database/sql"
	"fmt"
)

// createProcessed makes the receiver's table of the messages that it has processed. Rows may be deleted after a month: a message
// can be sent again from a dead-letter queue for 14 days.
const createProcessed = `CREATE TABLE processed (
	id           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
	processed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)`

// processOnce does the work for a message unless it was done before, and reports whether it did it. The id is in the same
// transaction as the work, so that both are there or neither. A second delivery at the same time waits for the first.
func processOnce(ctx context.Context, db *sql.DB, id string, work func(*sql.Tx) error) (bool, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback() // which does nothing after the commit
	result, err := tx.ExecContext(ctx, "INSERT INTO processed (id) VALUES (?) ON DUPLICATE KEY UPDATE id = id", id)
	if err != nil {
		return false, err
	}
	if inserted, err := result.RowsAffected(); err != nil || inserted == 0 {
		return false, err
	}
	if err := work(tx); err != nil {
		return false, err
	}
	return true, tx.Commit()
}

// A message may be delivered twice: Lambda may run the sender twice for one event, and an answer may be lost after the work was
// done. The receiver takes the id from Verify and processes each id once.
func Example_processingAMessageOnce() {
	db := openDatabase()
	defer db.Close()
	ship := func(tx *sql.Tx) error {
		fmt.Println("the order is shipped")
		return nil
	}
	for range 2 {
		done, err := processOnce(context.Background(), db, "order-4711", ship)
		fmt.Println(done, err)
	}
	// Output:
	// the order is shipped
	// true <nil>
	// false <nil>
}
