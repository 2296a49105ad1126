package main

import (
	"errors"
	"path/filepath"
	"strconv"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/session"
	"scheduled-messages/infra/sandbox/tools"
)

// folderFlag declares the flag of all commands that need a sandbox's folder.
func folderFlag(f *command.Flags, folder *string) {
	f.String(folder, "folder", "", "`folder` for state and logs (default: .state/sandbox in the checkout)")
}

// absolute is the folder that the flag means.
func absolute(folder string) (string, error) {
	if folder != "" {
		return filepath.Abs(folder)
	}
	checkout, err := tools.Checkout()
	return project.DefaultFolder(checkout), err
}

// stackFlag declares the flag of the commands that use a stack that is up.
func stackFlag(f *command.Flags, stack *string) {
	f.String(stack, "stack", project.Stack, "the `stack` that is up in the sandbox")
}

// upFlags declares the flags of the commands that bring a sandbox up. Lambda's waits of one and two minutes are one and two
// seconds, unless they are set otherwise.
func upFlags(f *command.Flags, o *session.Options) {
	o.DataPlane, o.Cleaner = dataPlane, cleaner
	folderFlag(f, &o.Folder)
	command.Parsed(f, &o.Speed, "speed", "60", "by what `number` the waits before retries are divided", "a number of 1 or more",
		func(text string) (float64, error) {
			speed, err := strconv.ParseFloat(text, 64)
			if err == nil && !(speed >= 1) {
				err = errors.New("below 1")
			}
			return speed, err
		})
	f.Bool(&o.AsIs, "as-is", "take the pulumi and moto_server on PATH, with the plugins that are there")
	f.Bool(&o.Embedded, "embedded", "take the embedded MySQL, also where MariaDB is installed")
	f.Bool(&o.Verbose, "v", "print all that Pulumi prints, which goes to a file otherwise")
}
