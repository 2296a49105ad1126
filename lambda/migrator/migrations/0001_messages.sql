-- +goose NO TRANSACTION
-- +goose Up

-- One row a message. Times are UTC.
CREATE TABLE IF NOT EXISTS messages (
    -- The contract allows printable ASCII; ids that differ in case only are different messages.
    id           VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- What the backend wrote when it scheduled the message; NULL in a row that a result made.
    channel      VARCHAR(32)   NULL,
    recipient    VARCHAR(2048) NULL,
    subject      VARCHAR(100)  NULL,
    -- An ENUM rather than a CHECK, because MySQL appends a value to it without rebuilding the table.
    status       ENUM('SCHEDULED', 'SENT', 'FAILED') NOT NULL DEFAULT 'SCHEDULED',
    provider_id  VARCHAR(255)  NULL,
    last_error   VARCHAR(1024) NULL,
    scheduled_at DATETIME(6)   NULL,
    sent_at      DATETIME(6)   NULL,
    created_at   DATETIME(6)   NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    updated_at   DATETIME(6)   NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    -- What is overdue or has failed, and how many there are of each.
    KEY messages_status (status, scheduled_at),
    -- What is new, and what is old enough to be cleared away.
    KEY messages_created (created_at)
) DEFAULT CHARACTER SET utf8mb4;
