package config

// Function is a row of the table of functions: what is fixed of a Lambda function, and what its alarms say. Another function is a
// row here, a folder in lambda and the piece that makes it.
type Function struct {
	Name        string // of its folder in lambda, of its resources, and the end of its physical name
	Description string
	Timeout     int // seconds
	MemoryMB    int // and processor share

	Async  *Async // of a function that is invoked asynchronously, once for each message; nil: it is not
	Alarms FunctionAlarms
	// Absent reports whether a stack has no such function; nil: each stack has it.
	Absent func(*Config) bool
}

// Async are the retries of asynchronous invocations.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
type Async struct {
	Retries            func(*Config) int // at most 2
	MaxEventAgeSeconds func(*Config) int // at most 21600
}

// FunctionAlarms are the texts of a function's alarms. An alarm without a text is not made; each function needs the first.
type FunctionAlarms struct {
	Errors      AlarmText
	Rated       bool      // the alarm on errors goes by their share of the invocations; otherwise the first one fires it
	GivenUp     AlarmText // an event was given up after its retries or its age
	Late        AlarmText // an event has waited for half of its maximum age
	Throttles   AlarmText
	Destination AlarmText // Lambda could not hand over a result or a failed event
}

// AlarmText is what an alarm says to whoever is on call: what has happened, and what to do.
type AlarmText struct{ Summary, Runbook string }

const raiseQuota = "Raise the account's quota of concurrent executions, or spread the schedules."

// The functions.
var (
	Sender = Function{
		Name:        "sender",
		Description: "Delivers one message",
		Timeout:     30,
		MemoryMB:    256,
		Async: &Async{
			Retries:            func(c *Config) int { return c.MaxRetries },
			MaxEventAgeSeconds: func(c *Config) int { return c.MaxEventAgeSeconds },
		},
		Alarms: FunctionAlarms{
			Rated: true,
			Errors: AlarmText{
				"Deliveries fail: 5 % or more of the sender's invocations in ten minutes, and five at least. Lambda tries each again.",
				"Read the sender's log: the channel is down, refuses the credentials, or throttles. " +
					"A message that fails permanently fires sender-given-up.",
			},
			GivenUp: AlarmText{
				"A message was given up after its retries or its age; its row is FAILED, with the reason.",
				"Read last_error; when the channel works again, schedule the message anew.",
			},
			Late: AlarmText{
				"A message has waited for half of maxEventAgeSeconds; after all of it Lambda gives it up.",
				"Throttles: raise Lambda's quota of concurrent executions. Errors: see the sender's log.",
			},
			Throttles: AlarmText{
				"Lambda has had no room for the sender for most of a quarter of an hour; messages are late.",
				raiseQuota,
			},
			Destination: AlarmText{
				"Lambda could not hand the sender's result to the updater: the message may have left, and its row does not say so.",
				"Check that the sender's role may invoke the updater; set the row by hand from the sender's log.",
			},
		},
	}
	Updater = Function{
		Name:        "updater",
		Description: "Writes one status",
		Timeout:     60, // longer than the proxy lets a statement wait
		MemoryMB:    256,
		Async: &Async{ // the most that Lambda allows: its only cause to fail is the database
			Retries:            func(*Config) int { return 2 },
			MaxEventAgeSeconds: func(*Config) int { return 21600 },
		},
		Alarms: FunctionAlarms{
			Rated: true,
			Errors: AlarmText{
				"Statuses fail to be written: 5 % or more of the updater's invocations in ten minutes, and five at least. " +
					"Lambda tries each again.",
				"Read the updater's log: the pool, the password, the endpoint of Secrets Manager. " +
					"A status that fails permanently fires unwritten-messages.",
			},
			Late: AlarmText{
				"A status has waited for three hours; after six Lambda moves it to unwritten.",
				"Throttles: raise Lambda's quota of concurrent executions. Errors: see the updater's log.",
			},
			Throttles: AlarmText{
				"Lambda has had no room for the updater for most of a quarter of an hour; statuses are late.",
				raiseQuota,
			},
			Destination: AlarmText{
				"Lambda could not write a record to unwritten: a status is lost.",
				"Check that the updater's role may send to the queue and use the key; set the row by hand from the sender's log.",
			},
		},
	}
	Status = Function{
		Name:        "status",
		Description: "Answers what became of a message",
		Timeout:     60,
		MemoryMB:    256,
		Alarms: FunctionAlarms{Errors: AlarmText{
			"The function status crashed or ran out of time. It has no other errors: what is wrong with the database is in its answer.",
			"Read its log.",
		}},
	}
	Migrator = Function{
		Name:        "migrator",
		Description: "Makes the schema and the application's users",
		Timeout:     300,
		MemoryMB:    256,
		Alarms: FunctionAlarms{Errors: AlarmText{
			"Making the schema or the application's users failed.",
			"The migrator's log and pulumi up say why; pulumi up runs it again.",
		}},
	}
	Rotator = Function{
		Name:        "rotator",
		Description: "Gives the database's users new passwords",
		Timeout:     60,
		MemoryMB:    256,
		Absent:      func(c *Config) bool { return c.RotationDays == 0 },
		Alarms: FunctionAlarms{Errors: AlarmText{
			"A step of a password's rotation failed, or the current passwords do not open the database.",
			"Read the rotator's log; Secrets Manager tries a rotation again by itself, and rotate-secret does at once.",
		}},
	}
	Relay = Function{
		Name:        "relay",
		Description: "Reads which rows ask for a change at Scheduler",
		Timeout:     30,
		MemoryMB:    256,
		Absent:      func(c *Config) bool { return !c.Outbox },
		Alarms: outboxAlarms("relay", "It cannot read which rows ask for a schedule.",
			"Read relay's log: the pool, the password, the endpoint of Secrets Manager."),
	}
	Armer = Function{
		Name:        "armer",
		Description: "Makes, moves and deletes the schedules of rows",
		Timeout:     60, // a round a minute
		MemoryMB:    256,
		Absent:      func(c *Config) bool { return !c.Outbox },
		Alarms: outboxAlarms("armer", "Schedules do not follow the table.",
			"Read armer's log: relay's answers, Scheduler's quotas, the role's permissions, the key."),
	}
)

// Functions are all of them.
var Functions = []Function{Sender, Updater, Status, Migrator, Rotator, Relay, Armer}

// FunctionNames are the names of all.
func FunctionNames() []string {
	names := make([]string, len(Functions))
	for i, spec := range Functions {
		names[i] = spec.Name
	}
	return names
}

// outboxAlarms are those of relay and armer. A round that fails loses nothing, because the next minute's does the same and more:
// five in ten minutes are a fault that lasts.
func outboxAlarms(name, means, runbook string) FunctionAlarms {
	return FunctionAlarms{
		Rated: true,
		Errors: AlarmText{
			"The function " + name + " fails: 5 % or more of its invocations in ten minutes, and five at least. " + means,
			runbook + " The next minute's round does what is left.",
		},
		Throttles: AlarmText{
			"Lambda has had no room for " + name + " for most of a quarter of an hour. " + means,
			raiseQuota,
		},
	}
}

// In reports whether a stack with the configuration has the function.
func (f Function) In(c *Config) bool { return f.Absent == nil || !f.Absent(c) }

// RetrySeconds is the age that an event can have at its last try without a throttle: Lambda waits a minute before the second try
// and two before the third, and each may take the function's timeout.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func (f Function) RetrySeconds(retries int) int {
	age := 0
	for retry := range retries {
		age += f.Timeout + 60*(retry+1)
	}
	return age
}
