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

// EnvDBShared says to migrator and rotator, when it is "true", that the server is not the stack's own: its master user keeps its
// password, what others have there is refused instead of taken, and the users go with the stack.
const EnvDBShared = "DB_SHARED"

// EnvDBMaxIdleSeconds is how long a connection of the updater or of status may lie unused, in seconds. It has to be
// below the proxy's idle client timeout, or the proxy closes connections that they count on.
const EnvDBMaxIdleSeconds = "DB_MAX_IDLE_SECONDS"

// EnvSenderARN is the ARN of the function whose destination records the updater takes, without a qualifier.
const EnvSenderARN = "SENDER_ARN"

// Environment variables of the sender. A channel whose variables are missing is switched off.
const (
	EnvSNSTopicARN         = "SNS_TOPIC_ARN"
	EnvWebhookAllowedHosts = "WEBHOOK_ALLOWED_HOSTS" // see ParseAllowedHosts
	EnvWebhookSecretARN    = "WEBHOOK_SECRET_ARN"    // the secret that holds a WebhookSecret

	// EnvWebhookUnsafeAllowLoopback, when "true", lets webhooks reach a receiver on this very machine, at the hosts
	// that are allowed. It is for tests and for running the stack on one machine: the program never sets it, and takes such
	// a host in its configuration only where its own environment has it, as in the sandbox.
	EnvWebhookUnsafeAllowLoopback = "WEBHOOK_UNSAFE_ALLOW_LOOPBACK"
)

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
