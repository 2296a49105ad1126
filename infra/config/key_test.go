package config

import (
	"slices"
	"testing"

	"scheduled-messages/lambda/contract"
)

// variables are the sender's that a row sets.
func (row Channel) variables() (all []string) {
	if row.Topic != nil {
		all = append(all, row.Topic.Variable)
	}
	if row.Hosts != nil {
		all = append(all, row.Hosts.Variable)
	}
	if row.Secret != nil {
		all = append(all, row.Secret.Variable)
	}
	return all
}

func TestEveryChannelOfTheContractHasARow(t *testing.T) {
	var rows []contract.Channel
	for _, row := range Channels {
		rows = append(rows, row.Name)
		if len(row.variables()) == 0 || row.Recipient == "" {
			t.Errorf("%s sets no variable of the sender or has no recipient", row.Name)
		}
	}
	if !slices.Equal(rows, contract.Channels()) {
		t.Errorf("rows for %v, the contract has %v", rows, contract.Channels())
	}
}
