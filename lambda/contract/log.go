package contract

// What alarms and the dashboard read in the functions' logs, one JSON object a line: fields, beside slog's own, and
// what they hold.
const (
	LogMessageID = "messageId"
	LogStatus    = "status" // with LogDone: the status of the record that was written
	LogError     = "error"  // the reason, in words and without secrets

	LogDone      = "done"      // the updater's msg of an event that it handled, and status's
	LogUnhealthy = "unhealthy" // their msg when the database could not be asked
	LogRefused   = "refused"   // status's msg of a question that it does not take, and the field with the reason

	// LogBorrowTimeout begins what the MySQL driver says of RDS Proxy's error 9501: no connection of the pool came free
	// in time. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.troubleshooting.html
	LogBorrowTimeout = "Error 9501"
)

// What relay and armer log of a round.
const (
	LogCommands    = "commands" // relay: of a page
	LogMore        = "more"     // relay: another page follows; armer: work was left when its time was up
	LogArmed       = "armed"    // armer: schedules that are as their rows say
	LogDisarmed    = "disarmed" // armer: schedules of cancelled rows that are deleted
	LogCleared     = "cleared"  // armer: schedules of rows with an outcome that are deleted
	LogRefusedRows = "refusedRows"
	LogTooLate     = "tooLate" // armer: rows that were moved when their message was on its way
	LogLeft        = "left"    // armer: commands that the next round repeats
)

// LogOverdue is the number of rows that are SCHEDULED long after their time, up to a limit: of the heartbeats of updater and
// status, and of relay.
const LogOverdue = "overdue"
