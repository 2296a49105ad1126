-- +goose NO TRANSACTION
-- +goose Up

-- Each change leaves the table's rows where they are: MySQL and MariaDB refuse a statement that names an algorithm and
-- would need another.

ALTER TABLE messages MODIFY COLUMN status ENUM('SCHEDULED', 'SENT', 'FAILED', 'CANCELLED') NOT NULL DEFAULT 'SCHEDULED',
    ALGORITHM=INSTANT;

-- body is the message's, of a backend that leaves its schedule to the outbox; NULL in the rows of others. The two versions
-- are updated_at, which every statement of a backend moves on, of the row for which the work at Scheduler is done.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'messages' AND column_name = 'body') = 0,
  'ALTER TABLE messages ADD COLUMN body MEDIUMTEXT NULL, ADD COLUMN armed_version DATETIME(6) NULL,
   ADD COLUMN cleared_version DATETIME(6) NULL, ALGORITHM=INSTANT', 'SELECT 0');
PREPARE outbox_change FROM @change;
EXECUTE outbox_change;

-- What is left to do at Scheduler, NULL for nothing: 1 is a schedule that has to follow its row, 2 one that has done its
-- work. due_at is the order in which it is done. Reading a virtual column of a stored row costs a comparison; the server
-- of Go alone, whose version_comment is Dolt, cannot index one.
SET @kind = IF(@@version_comment = 'Dolt', 'STORED', 'VIRTUAL');
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'messages' AND column_name = 'todo') = 0, CONCAT(
  'ALTER TABLE messages ADD COLUMN todo TINYINT GENERATED ALWAYS AS (CASE
     WHEN body IS NULL THEN NULL
     WHEN status IN (''SCHEDULED'', ''CANCELLED'') AND (armed_version IS NULL OR armed_version <> updated_at) THEN 1
     WHEN status <> ''SCHEDULED'' AND (cleared_version IS NULL OR cleared_version <> updated_at) THEN 2
   END) ', @kind, ', ALGORITHM=INSTANT'), 'SELECT 0');
PREPARE outbox_change FROM @change;
EXECUTE outbox_change;

SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'messages' AND column_name = 'due_at') = 0, CONCAT(
  'ALTER TABLE messages ADD COLUMN due_at DATETIME(6) GENERATED ALWAYS AS (CASE
     WHEN body IS NULL THEN NULL
     WHEN status IN (''SCHEDULED'', ''CANCELLED'') AND (armed_version IS NULL OR armed_version <> updated_at)
       THEN COALESCE(scheduled_at, updated_at)
     WHEN status <> ''SCHEDULED'' AND (cleared_version IS NULL OR cleared_version <> updated_at) THEN updated_at
   END) ', @kind, ', ALGORITHM=INSTANT'), 'SELECT 0');
PREPARE outbox_change FROM @change;
EXECUTE outbox_change;

SET @change = IF((SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 'messages' AND index_name = 'messages_todo') = 0,
  'ALTER TABLE messages ADD KEY messages_todo (todo, due_at, id), ALGORITHM=INPLACE, LOCK=NONE', 'SELECT 0');
PREPARE outbox_change FROM @change;
EXECUTE outbox_change;
