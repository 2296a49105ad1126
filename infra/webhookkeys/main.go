// Command webhookkeys reads the value of a stack's webhook secret from its standard input, and prints keys or the
// secret's next value. It talks to nothing: docs/webhooks.md has the commands around it.
//
//	go run ./infra/webhookkeys show HOST    the host's keys, the newest first, as its receiver needs them
//	go run ./infra/webhookkeys rotate HOST  a value in which the host has a new key next to its present one
//	go run ./infra/webhookkeys retire HOST  a value in which the host has its newest key alone
//	go run ./infra/webhookkeys separate     a value of an earlier release, with a key for each host next to the one for all
//	go run ./infra/webhookkeys retire       the same without the one for all
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"scheduled-messages/lambda/contract"
)

const usage = "usage: webhookkeys show HOST | rotate HOST | retire [HOST] | separate, " +
	"with the secret's value on the standard input"

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "webhookkeys:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New(usage)
	}
	var host string
	if len(args) == 2 {
		hosts, err := contract.ParseAllowedHosts(args[1])
		if err != nil {
			return err
		} else if len(hosts) != 1 {
			return fmt.Errorf("%q: must be one host", args[1])
		}
		host = hosts[0]
	}
	// A field that nobody reads is a key that nobody signs with. The decoder's own errors quote what they read.
	var secret contract.WebhookSecret
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	if decoder.Decode(&secret) != nil || decoder.Decode(new(any)) != io.EOF {
		return errors.New(`the standard input is not the value of a webhook secret: a JSON object with "master", "keys" or "key"`)
	}
	command := args[0]
	if host != "" {
		command += " HOST"
	}
	if command == "show HOST" {
		return show(out, secret, host)
	}
	change, found := map[string]func(*contract.WebhookSecret, string) error{
		"rotate HOST": rotate,
		"retire HOST": retire,
		"retire":      retireKeyOfAll,
		"separate":    separate,
	}[command]
	if !found {
		return errors.New(usage)
	}
	if err := change(&secret, host); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(secret)
}

func show(out io.Writer, secret contract.WebhookSecret, host string) error {
	keys, err := secret.HostKeys(host)
	for _, key := range keys {
		fmt.Fprintln(out, contract.FormatWebhookKey(key))
	}
	return err
}
