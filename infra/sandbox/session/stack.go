package session

import (
	"context"
	"fmt"
	"path/filepath"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/project"
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
	if err := s.Project.WriteExports(); err != nil {
		return err
	}
	s.receiver.Trust(s.State().SigningKeys)
	return s.updateState(func(t *state.State) { t.Outputs, t.Ready = outputs, true })
}

// WaitForShutdown prints how to use what is up, and waits for the end.
func (s *Session) WaitForShutdown(ctx context.Context) error {
	quoted := func(names ...string) string {
		return environment.Quote(filepath.Join(append([]string{s.options.Folder}, names...)...))
	}
	command := func(words string) string { return state.CommandIn(s.Project.Checkout, s.options.Folder, words) }
	s.Say("it is up; in another terminal:")
	fmt.Fprintf(s.Out, `
cd %s
. %s    # leads pulumi, aws and AWS's SDKs here, and to nowhere else

pulumi stack output    # or pulumi up, with what you changed in the program
aws scheduler list-schedules
mysql --defaults-file=%s -e 'SELECT id, status, last_error FROM messages'
%s    # -answers 500,500,200: a receiver that refuses twice
%s
%s    # or Ctrl-C here

# Another stack next to it, with the same configuration:
(cd %s && pulumi stack init second --no-select) && PULUMI_STACK=second pulumi up --yes
%s

`, environment.Quote(s.Project.Checkout), quoted(project.ExportsFile), quoted("my.cnf"),
		command("send"), command("status"), command("down"),
		quoted("project"), command("status -stack second"))
	<-ctx.Done()
	return nil
}
