package contract

// A function writes one line of JSON when it ends an invocation. These are its fields, in addition to those of log/slog (time,
// level, msg). Alarms, the dashboard and users' own queries read them: a name that changes is listed in CHANGELOG.md.
const (
	LogRequestID  = "requestId"  // Lambda's id of the invocation
	LogDurationMS = "durationMs" // a number with up to three decimals: milliseconds in the handler
	LogError      = "error"      // the reason, without secrets

	LogMessageID = "messageId" // sender, updater, status
	LogStatus    = "status"    // sender and updater: the status that the result or the record has
	LogChannel   = "channel"   // sender
	LogRow       = "row"       // updater: inserted, updated or unchanged

	LogDeleted = "deleted" // migrator: old messages
	LogVersion = "version" // migrator: of the schema
	LogApplied = "applied" // migrator: the files that were applied
	LogUsers   = "users"   // migrator and cluster: database users

	LogAttempt = "attempt" // migrator and rotator, while they wait for the database

	LogStep          = "step"          // rotator
	LogSecret        = "secret"        // rotator and sender: an ARN
	LogSecretVersion = "secretVersion" // rotator
	LogResult        = "result"        // rotator: what it did
)

// What relay and armer log of a round.
const (
	LogCommands    = "commands" // relay: of a page
	LogMore        = "more"     // relay: another page follows; armer: work was left when its time was up
	LogArmed       = "armed"    // armer: schedules that are as their rows say
	LogDisarmed    = "disarmed" // armer: schedules of cancelled rows that are disabled
	LogCleared     = "cleared"  // armer: schedules of rows with an outcome that are deleted
	LogRefusedRows = "refusedRows"
	LogTooLate     = "tooLate"   // armer: rows that were moved when their message was on its way
	LogLeft        = "left"      // armer: commands that the next round repeats
	LogSchedules   = "schedules" // updater: states that armer has reported
	LogRows        = "rows"      // updater: of these, rows that changed
)

// LogOverdue is the number of rows that are SCHEDULED long after their time, up to a limit: of the heartbeats of updater and
// status, and of relay.
const LogOverdue = "overdue"

// The values of msg in that line.
const (
	LogDone      = "done"      // the event is handled
	LogFailed    = "failed"    // the invocation ends with an error
	LogUnhealthy = "unhealthy" // updater and status: the database cannot be asked
	// LogRefused is status's msg for a question that it does not take, and the field with the reason.
	LogRefused = "refused"
)

// LogBorrowTimeout begins the MySQL driver's text of RDS Proxy's error 9501: no connection of the pool came free in time.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.troubleshooting.html
const LogBorrowTimeout = "Error 9501"
