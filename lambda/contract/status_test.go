package contract

import (
	"slices"
	"testing"
)

func TestEveryStatusThatIsATargetIsInTheTable(t *testing.T) {
	for _, status := range Statuses() {
		for _, next := range status.Next() {
			if !slices.Contains(Statuses(), next) {
				t.Errorf("%s may become %s, which is not in the table", status, next)
			}
			if !slices.Contains(next.Previous(), status) {
				t.Errorf("%s may become %s, which does not know it", status, next)
			}
		}
	}
}

func TestNoStatusComesBack(t *testing.T) {
	var walk func(from, at Status, path []Status)
	walk = func(from, at Status, path []Status) {
		for _, next := range at.Next() {
			if next == from || slices.Contains(path, next) {
				t.Errorf("%s comes back by %v", next, append(path, next))
				continue
			}
			walk(from, next, append(path, next))
		}
	}
	for _, status := range Statuses() {
		walk(status, status, nil)
	}
}

func TestSentIsTheOneFinalStatusAndReachedFromAllOthers(t *testing.T) {
	for _, status := range Statuses() {
		if final := len(status.Next()) == 0; final != (status == Sent) || !final && !slices.Contains(status.Next(), Sent) {
			t.Errorf("%s may become %v", status, status.Next())
		}
	}
}

func TestEveryChannelFitsItsColumnAndHasVariablesOfItsOwn(t *testing.T) {
	seen := map[string]Channel{}
	for _, channel := range Channels() {
		if len(channel) > MaxChannelLength || len(channel.Variables()) == 0 {
			t.Errorf("%s: %d characters, switched on by %q", channel, len(channel), channel.Variables())
		}
		for _, variable := range channel.Variables() {
			if other, taken := seen[variable]; taken {
				t.Errorf("%s switches on %s and %s", variable, other, channel)
			}
			seen[variable] = channel
		}
	}
}
