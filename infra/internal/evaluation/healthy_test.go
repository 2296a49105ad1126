package evaluation_test

import (
	"strings"
	"time"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

// samples are what a metric publishes in a minute since 1970; none is none.
type samples = func(minute int) []float64

// born is the minute in which the stub makes what has a date.
var born = func() int {
	at, err := time.Parse(time.RFC3339, infratest.GroupCreated)
	if err != nil {
		panic(err)
	}
	return int(at.Unix() / 60)
}()

// demand is what a healthy stack has to do.
type demand string

const (
	idle demand = "idle" // nothing but heartbeats
	busy demand = "busy" // a hundred messages a minute, and the small troubles that come with them
)

// beat is the minute of an hour in which the heartbeat comes.
const beat = 13

// every publishes a value in one minute of n, and nothing in the others.
func every(n, at int, value float64) samples {
	return func(minute int) []float64 {
		if minute%n != at {
			return nil
		}
		return []float64{value}
	}
}

// constant publishes the values in every minute.
func constant(values ...float64) samples { return func(int) []float64 { return values } }

// except publishes the values instead in the first `long` minutes of n.
func except(s samples, n, long int, values ...float64) samples {
	return func(minute int) []float64 {
		if minute%n < long {
			return values
		}
		return s(minute)
	}
}

// healthy is what a metric of a healthy stack publishes.
func healthy(l demand, m infratest.Looked) samples {
	if m.Namespace == "AWS/Lambda" {
		return healthyFunction(l, m)
	}
	troubles := map[string]samples{ // of a busy stack
		"InvocationAttemptCount":                     constant(100),
		"TargetErrorCount":                           every(29, 3, 1), // an Invoke API that has a bad moment
		"InvocationThrottleCount":                    except(constant(), 60, 2, 40),
		"Unhealthy":                                  every(24*60, beat, 1), // a failover's
		"StatusUnhealthy":                            every(24*60, beat, 1),
		"DatabaseConnectionsBorrowLatency":           except(constant(5e5), 300, 2, 4e7),
		"DatabaseConnectionsSetupFailed":             except(constant(0), 300, 2, 9), // a failover
		"ClientConnectionsSetupFailedAuth":           except(constant(0), 24*60, 2, 9),
		"DatabaseConnectionsCurrentlyBorrowed":       except(constant(3, 3), 60, 3, 5, 5),
		"DatabaseConnections":                        constant(60),
		"ServerlessDatabaseCapacity":                 except(constant(2), 120, 10, 4),
		"CPUUtilization":                             except(constant(60), 120, 10, 100),
		"UnHealthyHostCount":                         except(constant(0), 24*60, 3, 1),
		"GroupInServiceInstances":                    except(constant(2), 24*60, 3, 0),
		"DatabaseConnectionsCurrentlySessionPinned":  except(constant(0, 0), 300, 2, 1, 0),
		"MaxDatabaseConnectionsAllowed":              constant(5, 5),
		"ApproximateNumberOfMessagesVisible":         constant(0), // somebody looks into the queue every hour
		"ApproximateNumberOfMessagesNotVisible":      constant(0),
		"InvocationDroppedCount":                     constant(),
		"InvocationsFailedToBeSentToDeadLetterCount": constant(),
		"NumberOfNotificationsFailed":                constant(0),
		"BorrowTimeouts":                             constant(),
		"Overdue":                                    constant(),
	}
	quiet := map[string]samples{
		"DatabaseConnectionsBorrowLatency":          every(60, beat, 2000),
		"DatabaseConnectionsSetupFailed":            constant(),
		"ClientConnectionsSetupFailedAuth":          constant(),
		"DatabaseConnectionsCurrentlyBorrowed":      constant(0, 0),
		"DatabaseConnections":                       constant(2),
		"ServerlessDatabaseCapacity":                constant(0.5),
		"CPUUtilization":                            constant(5),
		"UnHealthyHostCount":                        constant(0),
		"GroupInServiceInstances":                   constant(2),
		"DatabaseConnectionsCurrentlySessionPinned": constant(0, 0),
		"MaxDatabaseConnectionsAllowed":             constant(5, 5),
	}
	if l == busy {
		return troubles[m.Name]
	}
	if s := quiet[m.Name]; s != nil || troubles[m.Name] == nil {
		return s
	}
	return constant() // published only when there is something
}

func healthyFunction(l demand, m infratest.Looked) samples {
	_, name, _ := strings.Cut(m.Dimensions["FunctionName"], "-sender")
	sender := name == "" && strings.HasSuffix(m.Dimensions["FunctionName"], "-sender")
	messages := l == busy && (sender || strings.HasSuffix(m.Dimensions["FunctionName"], "-updater"))
	beats := func(value float64) samples {
		switch {
		case strings.HasSuffix(m.Dimensions["FunctionName"], "-updater"), strings.HasSuffix(m.Dimensions["FunctionName"], "-status"):
			return every(60, beat, value)
		case strings.HasSuffix(m.Dimensions["FunctionName"], "-rotator"):
			return every(24*60, beat, value)
		case strings.HasSuffix(m.Dimensions["FunctionName"], "-armer"), strings.HasSuffix(m.Dimensions["FunctionName"], "-relay"):
			return constant(value)
		}
		return constant()
	}
	switch {
	case m.Name == "Invocations" && messages:
		return constant(100)
	case m.Name == "Errors" && messages: // 0.3 percent, and a bad minute now and then
		return func(minute int) []float64 {
			switch {
			case minute%97 == 0:
				return []float64{9}
			case minute%3 == 0:
				return []float64{1}
			}
			return []float64{0}
		}
	case m.Name == "AsyncEventAge" && messages: // the last of three tries
		return constant(120, float64(1000*config.Sender.RetrySeconds(2)))
	case m.Name == "Throttles" && messages: // a thousand at once, every hour
		return except(constant(0), 60, 2, 300)
	case m.Name == "Invocations":
		return beats(1)
	case m.Name == "Errors" || m.Name == "Throttles":
		return beats(0)
	case m.Name == "AsyncEventAge":
		return beats(100)
	case m.Name == "AsyncEventsDropped" || m.Name == "DestinationDeliveryFailures":
		return constant()
	}
	return nil
}
