package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Flags are the flags of one command. A value that a flag refuses is reported together with all others. In a flag's usage,
// the word in back quotes stands for its value, as in package flag.
type Flags struct {
	set      *flag.FlagSet
	problems []error
	alone    bool // nothing but flags may be given
}

func newFlags() *Flags {
	f := &Flags{set: flag.NewFlagSet("", flag.ContinueOnError)}
	f.set.SetOutput(io.Discard)
	f.set.Usage = func() {}
	return f
}

// Invalid reports that something has a value that it may not have.
func Invalid(name, value, must string) error {
	if value == "" {
		value = "empty"
	}
	return fmt.Errorf("%s is %s: must be %s", name, value, must)
}

// Parsed declares a flag whose text is parsed. must says what is allowed, after "must be".
func Parsed[T any](f *Flags, p *T, name, value, usage, must string, parse func(string) (T, error)) {
	text := &text{f: f, name: name, must: must, shown: value, set: func(text string) error {
		parsed, err := parse(text)
		if err == nil {
			*p = parsed
		}
		return err
	}}
	if parsed, err := parse(value); err == nil {
		*p = parsed
	}
	f.set.Var(text, name, usage)
}

// String declares a flag that takes any text.
func (f *Flags) String(p *string, name, value, usage string) {
	Parsed(f, p, name, value, usage, "", func(text string) (string, error) { return text, nil })
}

// OneOf declares a flag that takes one of some words.
func (f *Flags) OneOf(p *string, name, value, usage string, allowed ...string) {
	Parsed(f, p, name, value, usage, strings.Join(allowed, " or "), func(text string) (string, error) {
		for _, word := range allowed {
			if text == word {
				return text, nil
			}
		}
		return "", errors.New("not allowed")
	})
}

// Bool declares a flag that needs no value.
func (f *Flags) Bool(p *bool, name, usage string) {
	*p = false
	f.set.Var(&truth{text{f: f, name: name, must: "true or false", set: func(text string) (err error) {
		value, err := strconv.ParseBool(text)
		if err == nil {
			*p = value
		}
		return err
	}}}, name, usage)
}

// Duration declares a flag for a time of zero or more.
func (f *Flags) Duration(p *time.Duration, name, value, usage string) {
	Parsed(f, p, name, value, usage, "zero or a time such as 90s or 2m", func(text string) (time.Duration, error) {
		d, err := time.ParseDuration(text)
		if err == nil && d < 0 {
			err = errors.New("negative")
		}
		return d, err
	})
}

// text is a flag's value. It takes everything, and reports what is refused to the flags.
type text struct {
	f                 *Flags
	name, must, shown string // shown is the default
	given             []string
	set               func(string) error
}

func (t *text) String() string { return t.shown }

func (t *text) Set(value string) error {
	t.given = append(t.given, value)
	if t.set(value) != nil {
		t.f.problems = append(t.f.problems, Invalid("-"+t.name, value, t.must))
	}
	return nil
}

type truth struct{ text }

// IsBoolFlag has package flag take it without a value.
func (*truth) IsBoolFlag() bool { return true }

// parse reads all flags, whatever is wrong with some of them, and returns what follows them.
func (f *Flags) parse(args []string) (operands []string, help bool) {
	for {
		err := f.set.Parse(args)
		if err == nil {
			return f.set.Args(), false
		}
		if errors.Is(err, flag.ErrHelp) {
			return nil, true
		}
		args = f.set.Args()
		problem := err.Error()
		if name, undefined := strings.CutPrefix(problem, "flag provided but not defined: "); undefined {
			if f.alone && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
				args = args[1:] // its value
			}
			problem = name + " is no flag: must be one of " + strings.Join(f.names(), ", ")
		} else if name, lacks := strings.CutPrefix(problem, "flag needs an argument: "); lacks {
			problem = name + " needs a value"
		}
		f.problems = append(f.problems, errors.New(problem))
	}
}

// take sets the flags that were set in others of the same name.
func (f *Flags) take(others *Flags) {
	others.set.Visit(func(set *flag.Flag) {
		mine := f.set.Lookup(set.Name)
		if mine == nil {
			return
		}
		values := set.Value.(interface{ values() []string }).values()
		for _, value := range values {
			had := len(f.problems)
			_ = mine.Value.Set(value)
			f.problems = f.problems[:had] // reported already
		}
	})
}

func (t *text) values() []string { return t.given }

func (f *Flags) names() (names []string) {
	f.set.VisitAll(func(one *flag.Flag) { names = append(names, "-"+one.Name) })
	return append(names, "-h")
}
