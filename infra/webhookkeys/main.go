// Command webhookkeys reads the value of a stack's webhook secret from its standard input, and prints keys or the
// secret's next value. It calls nothing: docs/webhooks.md has the commands around it. -h lists its subcommands.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/lambda/contract/webhook"
)

func main() { command.Main(webhookKeys()) }

// webhookKeys is the command.
func webhookKeys() *command.Command {
	return &command.Command{
		Name:    "webhookkeys",
		Summary: "Shows and changes the keys in the value of a stack's webhook secret",
		Text: `It reads the value from its standard input, prints keys or the secret's next value, and calls nothing. docs/webhooks.md has
the commands around it. HOST is a host name, with a port or without.`,
		Subcommands: []*command.Command{
			{
				Name: "show", Operands: "HOST", Check: oneHost, Run: show,
				Summary: "Prints the host's keys, the newest first, as its receiver needs them",
			},
			{
				Name: "rotate", Operands: "HOST", Check: oneHost, Run: change(rotate),
				Summary: "Prints a value in which the host has a new key next to its present one",
			},
			{
				Name: "retire", Operands: "[HOST]", Check: oneHostOrNone, Run: retireKey,
				Summary: "Prints a value in which the host has its newest key alone; without HOST, one without the key for all hosts",
			},
			{
				Name: "separate", Run: change(separate),
				Summary: "Prints, for a value of an earlier release, one with a key for each host next to the one for all",
			},
		},
	}
}

// oneHost refuses operands that are not one host.
func oneHost(operands []string) []error {
	if len(operands) != 1 {
		return []error{errors.New("must be given one HOST")}
	}
	if hosts, err := webhook.ParseAllowedHosts(operands[0]); err != nil {
		return []error{err}
	} else if len(hosts) != 1 {
		return []error{fmt.Errorf("%q: must be one host", operands[0])}
	}
	return nil
}

func oneHostOrNone(operands []string) []error {
	if len(operands) == 0 {
		return nil
	}
	return oneHost(operands)
}

// hostOf is the host among checked operands, "" without one.
func hostOf(operands []string) string {
	if len(operands) == 0 {
		return ""
	}
	hosts, err := webhook.ParseAllowedHosts(operands[0])
	if err != nil {
		return ""
	}
	return hosts[0]
}

// read reads the secret's value. A field that nobody reads is a key that nobody signs with.
func read(in io.Reader) (secret webhook.Secret, err error) {
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	if decoder.Decode(&secret) != nil || decoder.Decode(new(any)) != io.EOF { // their own errors quote what they read
		return secret, errors.New(`the standard input is not the value of a webhook secret: ` +
			`a JSON object with "master", "keys" or "key"`)
	}
	return secret, nil
}

func show(_ context.Context, s command.Streams, operands []string) error {
	secret, err := read(s.In)
	if err != nil {
		return err
	}
	keys, err := secret.HostKeys(hostOf(operands))
	for _, key := range keys {
		fmt.Fprintln(s.Out, webhook.FormatKey(key))
	}
	return err
}

// change is a subcommand that prints the secret's next value.
func change(by func(*webhook.Secret, string) error) func(context.Context, command.Streams, []string) error {
	return func(_ context.Context, s command.Streams, operands []string) error {
		secret, err := read(s.In)
		if err != nil {
			return err
		}
		if err := by(&secret, hostOf(operands)); err != nil {
			return err
		}
		return json.NewEncoder(s.Out).Encode(secret)
	}
}

func retireKey(ctx context.Context, s command.Streams, operands []string) error {
	if len(operands) == 0 {
		return change(retireKeyOfAll)(ctx, s, operands)
	}
	return change(retire)(ctx, s, operands)
}
