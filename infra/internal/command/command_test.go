package command

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// sample is a command with everything that a command may have.
type sample struct {
	stack, channel string
	in             time.Duration
	keep           bool
	ran            string
}

func (s *sample) command() *Command {
	ran := func(name string) func(context.Context, Streams, []string) error {
		return func(_ context.Context, _ Streams, operands []string) error {
			s.ran = fmt.Sprint(name, " ", s.stack, " ", s.channel, " ", s.in, " ", s.keep, " ", operands)
			return nil
		}
	}
	return &Command{
		Name: "post", Summary: "Sends messages", Text: "By hand.", Run: ran("post"),
		Flags:  func(f *Flags) { f.Bool(&s.keep, "keep", "keep a copy") },
		Shared: func(f *Flags) { f.String(&s.stack, "stack", "dev", "the `name` of a stack") },
		Subcommands: []*Command{
			{
				Name: "send", Summary: "Sends one", Run: ran("send"),
				Flags: func(f *Flags) {
					f.OneOf(&s.channel, "channel", "sns", "how", "sns", "webhook")
					f.Duration(&s.in, "in", "3s", "when")
				},
				Check: func([]string) []error {
					if s.stack == "none" {
						return []error{Invalid("-stack", s.stack, "a stack")}
					}
					return nil
				},
			},
			{Name: "drop", Summary: "Drops some", Operands: "ID...", Run: ran("drop")},
			{Name: "secret", Summary: "Is for itself", Hidden: true, Run: ran("secret")},
		},
	}
}

func TestFlagsOfACommandAndThoseThatItSharesAreTaken(t *testing.T) {
	for line, want := range map[string]string{
		"":                              "post dev  0s false []",
		"-keep":                         "post dev  0s true []",
		"-keep=false -stack x":          "post x  0s false []",
		"send":                          "send dev sns 3s false []",
		"send -channel webhook --in=2m": "send dev webhook 2m0s false []",
		"-stack x send":                 "send x sns 3s false []",
		"-stack x send -stack y":        "send y sns 3s false []",
		"drop a b":                      "drop dev  0s false [a b]",
		"secret":                        "secret dev  0s false []",
		"-stack x drop -- -a":           "drop x  0s false [-a]",
		"-stack= send -in 0":            "send  sns 0s false []",
		"send -stack none -stack y -in 1s -in 2s": "send y sns 2s false []",
	} {
		s := &sample{}
		if err := s.command().Execute(t.Context(), strings.Fields(line), Streams{Out: io.Discard}); err != nil || s.ran != want {
			t.Errorf("%q: %v, ran %q, want %q", line, err, s.ran, want)
		}
	}
}

func TestAllThatIsWrongWithACallIsReportedAtOnce(t *testing.T) {
	const twoInvalid, threeInvalid = "2 invalid arguments (send -h lists what there is):\n", "3 invalid arguments (send -h lists what there is):\n"
	const atRoot = "2 invalid arguments (-h lists what there is):\n"
	const send = "-channel is fax: must be sns or webhook\n-in is soon: must be zero or a time such as 90s or 2m"
	for line, want := range map[string]string{
		"send -channel fax":                      "-channel is fax: must be sns or webhook (send -h lists what there is)",
		"send -channel fax -in soon":             twoInvalid + send,
		"send -channel fax -in soon -stack none": threeInvalid + send + "\n-stack is none: must be a stack",
		"send -in -3s":                           "-in is -3s: must be zero or a time such as 90s or 2m (send -h lists what there is)",
		"send -chanel fax -in soon": twoInvalid +
			"-chanel is no flag: must be one of -channel, -in, -stack, -h\n-in is soon: must be zero or a time such as 90s or 2m",
		"send -channel=":     "-channel is empty: must be sns or webhook (send -h lists what there is)",
		"send -in":           "-in needs a value (send -h lists what there is)",
		"send now":           `"now" is no flag, and there are no other arguments (send -h lists what there is)`,
		"-keep=maybe":        "-keep is maybe: must be true or false (-h lists what there is)",
		"-keep=maybe sent":   atRoot + "-keep is maybe: must be true or false\nthe subcommand is sent: must be one of send, drop",
		"-keep=x send -in y": twoInvalid + "-keep is x: must be true or false\n-in is y: must be zero or a time such as 90s or 2m",
	} {
		s := &sample{}
		err := s.command().Execute(t.Context(), strings.Fields(line), Streams{Out: io.Discard})
		if err == nil || err.Error() != want || s.ran != "" {
			t.Errorf("%q: %v, ran %q, want %s", line, err, s.ran, want)
		}
	}
}

func TestACommandThatIsNothingWithoutASubcommandNamesThem(t *testing.T) {
	c := (&sample{}).command()
	c.Run = nil
	err := c.Execute(t.Context(), nil, Streams{Out: io.Discard})
	if want := "a subcommand is missing: one of send, drop (-h lists what there is)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestHelpListsSubcommandsAndFlagsInOneForm(t *testing.T) {
	for line, want := range map[string]string{
		"-h": `usage: post [flags]
       post COMMAND [flags]

Sends messages.

By hand.

commands (each has its own -h):
  send         Sends one
  drop ID...   Drops some

flags:
  -keep         keep a copy
  -stack NAME   the name of a stack (default dev)
  -h            print this
`,
		"send -channel fax --help": `usage: post send [flags]

Sends one.

flags:
  -channel VALUE   how (default sns)
  -in VALUE        when (default 3s)
  -stack NAME      the name of a stack (default dev)
  -h               print this
`,
	} {
		var out strings.Builder
		s := &sample{}
		err := s.command().Execute(t.Context(), strings.Fields(line), Streams{Out: &out})
		if err != nil || out.String() != want || s.ran != "" {
			t.Errorf("%q: %v, ran %q, printed\n%s", line, err, s.ran, out.String())
		}
	}
	var long, word strings.Builder
	for out, line := range map[*strings.Builder]string{&long: "-h", &word: "help"} {
		if err := (&sample{}).command().Execute(t.Context(), []string{line}, Streams{Out: out}); err != nil {
			t.Error(err)
		}
	}
	if long.String() != word.String() {
		t.Errorf("help prints\n%s", word.String())
	}
}

func TestWordsFromOutsideInAnErrorCannotDriveTheTerminal(t *testing.T) {
	for quotes, want := range map[bool]string{false: "post: one\\x1b[2J\ntwo", true: `post: one\x1b[2J\ntwo`} {
		if got := Failure(&Command{Name: "post", Quotes: quotes}, fmt.Errorf("one\x1b[2J\ntwo")); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
