package project

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// LogFile is the file in the folder with what Pulumi prints.
const LogFile = "pulumi.log"

// Run runs a command of Pulumi's that changes the stack. What Pulumi prints goes to a file, and its progress to Out: on one
// line of a terminal, on a line from time to time otherwise. An error holds what Pulumi printed of it.
func (p *Project) Run(ctx context.Context, args ...string) error {
	command := p.command(ctx, args...)
	if p.Verbose {
		return p.runCommand(command)
	}
	path := filepath.Join(p.Folder, LogFile)
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	before, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	shown := newProgress(args[0], p.Out, log)
	command.Stdout, command.Stderr = shown, log
	err = p.runCommand(command)
	shown.end()
	if err == nil {
		return nil
	}
	output, readErr := os.ReadFile(path)
	if readErr != nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w\n%s", err, diagnosis(output[before:]))
}

// mostSaid is how many lines an error has of what Pulumi printed.
const mostSaid = 60

// diagnosis is what Pulumi says of an error: its diagnostics, or the last lines.
func diagnosis(output []byte) string {
	if i := bytes.LastIndex(output, []byte("Diagnostics:")); i >= 0 {
		output = output[i:]
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.Join(lines[max(0, len(lines)-mostSaid):], "\n")
}
