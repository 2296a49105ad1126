package channel

import (
	"log/slog"
	"testing"

	"scheduled-messages/lambda/contract"
)

// With a value that every variable may have.
func TestEveryChannelOfTheContractIsSwitchedOnByItsVariables(t *testing.T) {
	for _, name := range contract.Channels() {
		set := map[string]string{}
		for _, variable := range name.Variables() {
			set[variable] = "hooks.example.com"
		}
		on, err := FromEnv(func(variable string) string { return set[variable] }, slog.New(slog.DiscardHandler))
		if err != nil || len(on) != 1 || on[name] == nil {
			t.Errorf("%s: got %v, %v", name, on, err)
		}
	}
	if len(constructors) != len(contract.Channels()) {
		t.Errorf("%d channels register themselves, the contract has %d", len(constructors), len(contract.Channels()))
	}
}
