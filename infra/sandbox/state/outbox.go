package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"scheduled-messages/lambda/contract"
)

// Database opens the stack's database, past the pool, as a user who may do everything.
func (s *State) Database() (*sql.DB, error) {
	login, found := s.Databases[s.Outputs[contract.OutputClusterEndpoint]]
	if !found {
		return nil, fmt.Errorf("no database is at %q, the stack's output clusterEndpoint", s.Outputs[contract.OutputClusterEndpoint])
	}
	return login.Open(s.Outputs[contract.OutputDatabaseName])
}

// Armer is the name of the stack's function that has schedules follow the rows.
func (s *State) Armer(ctx context.Context) (string, error) {
	functions, err := s.Cloud().Functions(ctx)
	if err != nil {
		return "", err
	}
	for _, f := range functions {
		if f.Environment.Variables[contract.EnvScheduleGroup] == s.Outputs[contract.OutputScheduleGroupName] {
			return f.Name, nil
		}
	}
	return "", errors.New("the stack has no outbox")
}
