package contract

// Environment variables of the functions that reach the database.
const (
	EnvDBHost           = "DB_HOST"             // the proxy's endpoint; for migrator and rotator, the cluster's writer
	EnvDBPort           = "DB_PORT"             // 3306
	EnvDBName           = "DB_NAME"             // the one database
	EnvDBSecretARN      = "DB_SECRET_ARN"       // the application user's secret
	EnvDBAdminSecretARN = "DB_ADMIN_SECRET_ARN" // the master user's secret; migrator and rotator only

	// EnvDBReaderSecretARN is the secret of the user that only reads: of status, of the migrator and of the rotator. To
	// the latter two, empty means that there is no such user.
	EnvDBReaderSecretARN = "DB_READER_SECRET_ARN"
)

// EnvDBShared is "true" for migrator and rotator where the server is not the stack's own: its master user keeps its
// password, what others have there is refused instead of taken, and the users go with the stack.
const EnvDBShared = "DB_SHARED"

// EnvDBMaxIdleSeconds is how long a connection of the updater or of status may be idle, in seconds. It must be below
// the proxy's idle client timeout, or the proxy closes connections that they rely on.
const EnvDBMaxIdleSeconds = "DB_MAX_IDLE_SECONDS"

// EnvSenderARN is the ARN of the function whose destination records the updater takes, without a qualifier.
const EnvSenderARN = "SENDER_ARN"

// Environment variables of armer, which makes the schedules of rows. It has EnvSenderARN, too.
const (
	EnvScheduleGroup       = "SCHEDULE_GROUP"        // the group's name
	EnvSchedulerRoleARN    = "SCHEDULER_ROLE_ARN"    // the role that the schedules run with
	EnvUndeliveredQueueARN = "UNDELIVERED_QUEUE_ARN" // the schedules' dead-letter queue
	EnvScheduleKeyARN      = "SCHEDULE_KEY_ARN"      // the key that the schedules' inputs are encrypted with
	EnvRelayName           = "RELAY_NAME"
	EnvUpdaterName         = "UPDATER_NAME"
	EnvSchedulesPerSecond  = "SCHEDULES_PER_SECOND" // calls of Scheduler's API: 1 to 5000, below the Region's quota
)

// EnvOverdueSeconds is how long after its time a row may be SCHEDULED before it counts as overdue.
const EnvOverdueSeconds = "OVERDUE_SECONDS"
