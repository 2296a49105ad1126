package main

import "testing"

// migrations are the statements that make the table.
func migrations(t testing.TB) []string {
	t.Helper()
	return []string{`CREATE TABLE messages (
  id           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel      VARCHAR(16) NOT NULL,
  recipient    VARCHAR(2048) NOT NULL,
  subject      VARCHAR(255) NULL,
  status       VARCHAR(16) NOT NULL DEFAULT 'SCHEDULED',
  provider_id  VARCHAR(255) NULL,
  last_error   VARCHAR(1024) NULL,
  scheduled_at DATETIME(3) NULL,
  sent_at      DATETIME(3) NULL,
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY messages_status (status, scheduled_at)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`}
}
