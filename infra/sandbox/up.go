package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/sandbox/tools"
)

// defaultSpeed makes Lambda's waits of one and two minutes one and two seconds.
const defaultSpeed = 60

// parse reads a command's flags. All have the sandbox's folder.
func parse(name string, args []string, more func(*flag.FlagSet)) (folder string, err error) {
	if folder, err = defaultFolder(); err != nil {
		return "", err
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&folder, "folder", folder, "`folder` for state and logs")
	if more != nil {
		more(flags)
	}
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if flags.NArg() > 0 {
		return "", fmt.Errorf("%q is no flag: allowed are flags only", flags.Arg(0))
	}
	return filepath.Abs(folder)
}

// parseUp reads the flags of the commands that bring a sandbox up.
func parseUp(name string, args []string, more func(*flag.FlagSet)) (o options, err error) {
	o.folder, err = parse(name, args, func(flags *flag.FlagSet) {
		flags.Float64Var(&o.speed, "speed", defaultSpeed, "by how much the waits before retries are shortened")
		flags.BoolVar(&o.asIs, "as-is", false, "take the pulumi and moto_server on PATH, with the plugins that are there")
		flags.BoolVar(&o.embedded, "embedded", false, "take the embedded MySQL, also where MariaDB is installed")
		if more != nil {
			more(flags)
		}
	})
	if err == nil && o.speed < 1 {
		err = fmt.Errorf("speed: %v: allowed is 1 or more", o.speed)
	}
	return o, err
}

// runUp brings a sandbox up and holds it, in the foreground, until Ctrl-C or down.
func runUp(ctx context.Context, args []string) error {
	o, err := parseUp("up", args, nil)
	if err != nil {
		return err
	}
	return with(ctx, o, func(s *sandbox) error {
		if err := s.deploy(ctx); err != nil {
			return err
		}
		return s.hold(ctx)
	})
}

// with runs something in a sandbox, which is gone afterwards whatever happens.
func with(ctx context.Context, o options, do func(*sandbox) error) error {
	s, err := start(ctx, o)
	if err == nil {
		err = do(s)
	}
	if err != nil && ctx.Err() != nil { // what was held up until then has ended as it should
		err = errors.New("interrupted")
	}
	return errors.Join(err, s.close())
}

// deploy is `pulumi up` of the program.
func (s *sandbox) deploy(ctx context.Context) error {
	if err := s.project.prepare(ctx, s.receiver.host); err != nil {
		return err
	}
	s.say("pulumi up")
	if err := s.project.pulumi(ctx, "up", "--yes", "--skip-preview", "--suppress-outputs"); err != nil {
		return err
	}
	outputs, err := s.project.outputs(ctx)
	if err != nil {
		return err
	}
	if err := s.tell(func(t *state) { t.Outputs = outputs }); err != nil {
		return err
	}
	s.receiver.trust(s.told().signingKeys)
	return s.tell(func(t *state) { t.Ready = true })
}

// hold waits for the end, and says meanwhile how to use what is up.
func (s *sandbox) hold(ctx context.Context) error {
	client, err := s.database.clientFile(s.folder, s.told().Outputs["databaseName"])
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, variable := range s.project.variables() {
		name, value, _ := strings.Cut(variable, "=")
		if value == "" { // the AWS CLI takes an empty profile for one
			fmt.Fprintf(&script, "unset %s\n", name)
			continue
		}
		fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	fmt.Fprintf(&script, "export PATH='%s':\"$PATH\"\n", s.tools.Path())
	environment := filepath.Join(s.folder, "env.sh")
	if err := os.WriteFile(environment, []byte(script.String()), 0o600); err != nil {
		return err
	}
	s.say("it is up; in another terminal:")
	fmt.Fprintf(s.out, `
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

// findTools makes the tools ready, or takes what is on PATH.
func findTools(ctx context.Context, asIs bool) (tools.Tools, error) {
	if !asIs {
		return tools.Ready(ctx, os.Stderr)
	}
	pulumi, err := exec.LookPath("pulumi")
	if err != nil {
		return tools.Tools{}, err
	}
	moto, err := exec.LookPath("moto_server")
	return tools.Tools{Bin: filepath.Dir(pulumi), Moto: moto}, err
}
