package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/lambda/contract/webhook"
)

const (
	host   = "hooks.example.com:443"
	fresh  = `{"master":"a-master-of-32-bytes-or-even-more"}`
	former = `{"key":"a-key-of-an-earlier-release.1234"}`
)

// run runs the command in this process.
func run(args []string, in io.Reader, out io.Writer) error {
	return webhookKeys().Execute(context.Background(), args, command.Streams{In: in, Out: out, Err: out})
}

// filter runs the command on a value.
func filter(t *testing.T, value string, args ...string) string {
	t.Helper()
	out := new(bytes.Buffer)
	if err := run(args, strings.NewReader(value), out); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return out.String()
}

// keys are those that the sender signs for a host with.
func keys(t *testing.T, value, host string) []string {
	t.Helper()
	var secret webhook.Secret
	if err := json.Unmarshal([]byte(value), &secret); err != nil {
		t.Fatal(err)
	}
	all, err := secret.HostKeys(host)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, key := range all {
		texts = append(texts, webhook.FormatKey(key))
	}
	return texts
}

func TestShowPrintsWhatTheSenderSignsWith(t *testing.T) {
	for _, value := range []string{fresh, former, filter(t, fresh, "rotate", host)} {
		if got, want := strings.Fields(filter(t, value, "show", "Hooks.example.com")), keys(t, value, host); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// At each step the sender signs with a key that a receiver knows that has done the step before, and one that has not.
func TestAKeyIsRotatedWithAnOverlap(t *testing.T) {
	for _, value := range []string{fresh, former} {
		before := keys(t, value, host)
		others := keys(t, value, "b.example:443")
		value = filter(t, value, "rotate", host)
		during := keys(t, value, host)
		if len(during) != 2 || during[1] != before[0] || during[0] == before[0] {
			t.Fatalf("after rotate the keys are %q, and were %q", during, before)
		}
		value = filter(t, value, "retire", host)
		if after := keys(t, value, host); !slices.Equal(after, during[:1]) {
			t.Errorf("after retire the keys are %q, want %q", after, during[:1])
		}
		if got := keys(t, value, "b.example:443"); !slices.Equal(got, others) {
			t.Errorf("another host's keys are %q, and were %q", got, others)
		}
	}
}

func TestEachHostGetsAKeyOfItsOwnWithAnOverlap(t *testing.T) {
	before := keys(t, former, host)
	value := filter(t, former, "separate")
	during := keys(t, value, host)
	if len(during) != 2 || during[1] != before[0] {
		t.Fatalf("after separate the keys are %q, and were %q", during, before)
	}
	value = filter(t, value, "retire")
	after, other := keys(t, value, host), keys(t, value, "b.example:443")
	if !slices.Equal(after, during[:1]) || slices.Equal(after, other) || strings.Contains(value, "earlier-release") {
		t.Errorf("after retire the keys are %q, want %q", after, during[:1])
	}
	if again := keys(t, filter(t, former, "separate"), host); again[0] == during[0] {
		t.Error("two masters are the same")
	}
}

func TestWhatIsRefusedNamesTheReasonAndNoKey(t *testing.T) {
	rotated := filter(t, fresh, "rotate", host)
	for _, test := range []struct {
		name, value, want string
		args              []string
	}{
		{"no command", fresh, "a subcommand is missing: one of show, rotate, retire, separate", nil},
		{"no such command", fresh, "the subcommand is print: must be one of show, ", []string{"print", host}},
		{"show without a host", fresh, "must be given one HOST (show -h ", []string{"show"}},
		{"rotate without a host", fresh, "must be given one HOST", []string{"rotate"}},
		{"separate with a host", former, "there are no other arguments", []string{"separate", host}},
		{"too much", fresh, "must be given one HOST", []string{"show", host, host}},
		{"a URL", fresh, `"https://hooks.example.com"`, []string{"show", "https://hooks.example.com"}},
		{"two hosts", fresh, "must be one host", []string{"show", "a.example,b.example"}},
		{"no input", "", "is not the value of a webhook secret", []string{"rotate", host}},
		{"another secret", `{"username":"tell-me-not"}`, "is not the value of a webhook secret", []string{"rotate", host}},
		{"no JSON", "tell-me-not", "is not the value of a webhook secret", []string{"rotate", host}},
		{"two values", fresh + former, "is not the value of a webhook secret", []string{"rotate", host}},
		{"a short key", `{"key":"tell-me-not"}`, "must be at least 24", []string{"rotate", host}},
		{"a third key", rotated, "has 2 keys: retire the old one first", []string{"rotate", host}},
		{"the only key", fresh, "has one key: rotate it first", []string{"retire", host}},
		{"separate again", filter(t, former, "separate"), "is not of an earlier release", []string{"separate"}},
		{"separate a new one", fresh, "is not of an earlier release", []string{"separate"}},
		{"retire the key of all before there are others", former, "separate first", []string{"retire"}},
	} {
		out := new(bytes.Buffer)
		err := run(test.args, strings.NewReader(test.value), out)
		if err == nil || !strings.Contains(err.Error(), test.want) || out.Len() > 0 || strings.Contains(err.Error(), "tell-me-not") {
			t.Errorf("%s: got %v and %q, want %q", test.name, err, out, test.want)
		}
	}
}
