package schedulertest

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// Firing is an invocation of a schedule's target.
type Firing struct {
	Name, Input string
	At          time.Time // the schedule's
}

// leave has a schedule that is changed or deleted within a minute of its time be invoked as it was, nevertheless.
func (f *Fake) leave(s *schedule) {
	if s.State == types.ScheduleStateEnabled && !s.fired && s.at.Before(f.Now().Add(time.Minute)) {
		f.leaving = append(f.leaving, Firing{aws.ToString(s.Name), aws.ToString(s.Target.Input), s.at})
	}
}

// Fire returns what is invoked by now, each once, in the order of its time.
func (f *Fake) Fire() (all []Firing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.Now()
	f.leaving = slices.DeleteFunc(f.leaving, func(one Firing) bool {
		if due := !one.At.After(now); due {
			all = append(all, one)
			return true
		}
		return false
	})
	for name, s := range f.schedules {
		if s.State == types.ScheduleStateEnabled && !s.fired && !s.at.After(now) {
			s.fired = true
			all = append(all, Firing{name, aws.ToString(s.Target.Input), s.at})
		}
	}
	slices.SortFunc(all, func(a, b Firing) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name)) })
	return all
}

// Times are the schedules' times by name.
func (f *Fake) Times() map[string]time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := map[string]time.Time{}
	for name, s := range f.schedules {
		all[name] = s.at
	}
	return all
}

// Calls is how often an operation was called and admitted.
func (f *Fake) Calls(operation string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[operation]
}
