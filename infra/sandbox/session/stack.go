package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/sandbox/state"
)

// Deploy is `pulumi up` of the program.
func (s *Session) Deploy(ctx context.Context) error {
	if err := s.Project.Prepare(ctx, s.receiver.Host); err != nil {
		return err
	}
	s.Say("pulumi up")
	if err := s.Project.Run(ctx, "up", "--yes", "--skip-preview", "--suppress-outputs"); err != nil {
		return err
	}
	outputs, err := s.Project.Outputs(ctx)
	if err != nil {
		return err
	}
	if err := s.updateState(func(t *state.State) { t.Outputs = outputs }); err != nil {
		return err
	}
	s.receiver.Trust(s.State().SigningKeys)
	return s.updateState(func(t *state.State) { t.Ready = true })
}

// WaitForShutdown prints how to use what is up, and waits for the end.
func (s *Session) WaitForShutdown(ctx context.Context) error {
	client, err := s.database.ClientFile(s.options.Folder, s.State().Outputs["databaseName"])
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, variable := range s.Project.Variables() {
		name, value, _ := strings.Cut(variable, "=")
		if value == "" { // the AWS CLI takes an empty profile for one
			fmt.Fprintf(&script, "unset %s\n", name)
			continue
		}
		fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	fmt.Fprintf(&script, "export PATH='%s':\"$PATH\"\n", s.tools.Path())
	environment := filepath.Join(s.options.Folder, "env.sh")
	if err := os.WriteFile(environment, []byte(script.String()), 0o600); err != nil {
		return err
	}
	s.Say("it is up; in another terminal:")
	fmt.Fprintf(s.Out, `
%s
# or:  . %s
pulumi stack output                    # pulumi up, with what you changed in the program
aws scheduler list-schedules
mysql --defaults-file=%s -e 'SELECT id, status, last_error FROM messages'
go run ./infra/sandbox send            # -answers 500,500,200: a receiver that refuses twice
go run ./infra/sandbox status
go run ./infra/sandbox down            # or Ctrl-C here

`, script.String(), environment, client)
	<-ctx.Done()
	return nil
}
