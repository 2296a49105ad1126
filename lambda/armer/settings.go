package main

import (
	"errors"
	"fmt"
	"strconv"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/arming"
)

// settings are what the environment says.
type settings struct {
	target         arming.Target
	relay, updater string // the functions' names
	perSecond      int    // calls of Scheduler's API
}

// newSettings reads the environment. Its error names every variable that is missing or wrong.
func newSettings(getenv func(string) string) (s settings, err error) {
	var problems []error
	for name, field := range map[string]*string{
		contract.EnvScheduleGroup:       &s.target.Group,
		contract.EnvSchedulerRoleARN:    &s.target.RoleARN,
		contract.EnvSenderARN:           &s.target.SenderARN,
		contract.EnvUndeliveredQueueARN: &s.target.DeadLetterARN,
		contract.EnvScheduleKeyARN:      &s.target.KeyARN,
		contract.EnvRelayName:           &s.relay,
		contract.EnvUpdaterName:         &s.updater,
	} {
		if *field = getenv(name); *field == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	s.perSecond, err = strconv.Atoi(getenv(contract.EnvSchedulesPerSecond))
	if err != nil || s.perSecond < 1 || s.perSecond > 5000 {
		problems = append(problems, fmt.Errorf("%s is %q: must be 1 to 5000", contract.EnvSchedulesPerSecond,
			getenv(contract.EnvSchedulesPerSecond)))
	}
	return s, errors.Join(problems...)
}
