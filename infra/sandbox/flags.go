package main

import (
	"flag"
	"fmt"
	"path/filepath"

	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/session"
	"scheduled-messages/infra/sandbox/tools"
)

// defaultSpeed makes Lambda's waits of one and two minutes one and two seconds.
const defaultSpeed = 60

// parse reads a command's flags. All have the sandbox's folder.
func parse(name string, args []string, more func(*flag.FlagSet)) (folder string, err error) {
	checkout, err := tools.Checkout()
	if err != nil {
		return "", err
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&folder, "folder", project.DefaultFolder(checkout), "`folder` for state and logs")
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

// stackFlag is the flag of the commands that use a stack that is up.
func stackFlag(flags *flag.FlagSet, stack *string) {
	flags.StringVar(stack, "stack", project.Stack, "`stack` that is up in the sandbox")
}

// parseUp reads the flags of the commands that bring a sandbox up.
func parseUp(name string, args []string, more func(*flag.FlagSet)) (o session.Options, err error) {
	o.DataPlane = dataPlane
	o.Folder, err = parse(name, args, func(flags *flag.FlagSet) {
		flags.Float64Var(&o.Speed, "speed", defaultSpeed, "by how much the waits before retries are shortened")
		flags.BoolVar(&o.AsIs, "as-is", false, "take the pulumi and moto_server on PATH, with the plugins that are there")
		flags.BoolVar(&o.Embedded, "embedded", false, "take the embedded MySQL, also where MariaDB is installed")
		if more != nil {
			more(flags)
		}
	})
	if err == nil && o.Speed < 1 {
		err = fmt.Errorf("speed: %v: allowed is 1 or more", o.Speed)
	}
	return o, err
}
