-- A backend's statements with the outbox on. scheduled_at is UTC.

-- Schedule, in the transaction that makes the order. Error 1062 says that the message is scheduled already.
START TRANSACTION;
INSERT INTO messages (id, channel, recipient, subject, body, scheduled_at)
VALUES ('order-4711', 'sns', 'everyone', 'Your order', 'It is on its way.', UTC_TIMESTAMP() + INTERVAL 1 DAY);
COMMIT;

-- Move. No row is changed if the message has its outcome, or was cancelled.
UPDATE messages SET scheduled_at = UTC_TIMESTAMP() + INTERVAL 2 DAY WHERE id = 'order-4711' AND status = 'SCHEDULED';

-- Cancel.
UPDATE messages SET status = 'CANCELLED' WHERE id = 'order-4711' AND status = 'SCHEDULED';

-- Look at one message.
SELECT status, scheduled_at, sent_at, last_error FROM messages WHERE id = 'order-4711';

-- List what is to come. An index on scheduled_at makes this fast in a large table.
SELECT id, channel, recipient, scheduled_at FROM messages WHERE status = 'SCHEDULED' ORDER BY scheduled_at LIMIT 100;
