// Package channel delivers messages: to an SNS topic, and to webhooks on the internet. Each channel has a file of its own,
// which registers it.
package channel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"scheduled-messages/lambda/contract"
)

// Sender is a channel that is on.
type Sender interface {
	// Send returns what the channel calls the message. Its error is a *PermanentError when no retry can help.
	Send(ctx context.Context, m contract.Message) (providerID string, err error)
}

// constructor makes a channel whose variables are set.
type constructor func(getenv func(string) string, log *slog.Logger) (Sender, error)

// constructors are those of all channels. Only the init functions of the channels' files write to it.
var constructors = map[contract.Channel]constructor{}

// FromEnv makes the channels that the environment switches on. It reads no secret: the extension does not answer during
// init. Its error names the variables.
func FromEnv(getenv func(string) string, log *slog.Logger) (map[contract.Channel]Sender, error) {
	on := map[contract.Channel]Sender{}
	var off []string
	for _, name := range contract.Channels() {
		isOn, err := switchedOn(getenv, name)
		if err != nil {
			return nil, err
		}
		if !isOn {
			off = append(off, fmt.Sprintf("%s needs %s", name, strings.Join(name.Variables(), " and ")))
			continue
		}
		if on[name], err = constructors[name](getenv, log); err != nil {
			return nil, err
		}
	}
	if len(on) == 0 {
		return nil, fmt.Errorf("no channel is on: %s", strings.Join(off, ", "))
	}
	return on, nil
}

// switchedOn reports whether the channel's variables are set: all, or none.
func switchedOn(getenv func(string) string, name contract.Channel) (bool, error) {
	var given []string
	missing := 0
	for _, variable := range name.Variables() {
		given = append(given, fmt.Sprintf("%s is %q", variable, getenv(variable)))
		if getenv(variable) == "" {
			missing++
		}
	}
	if missing > 0 && missing < len(given) {
		return false, fmt.Errorf("%s: must all be set, or none to switch channel %s off", strings.Join(given, " and "), name)
	}
	return missing == 0, nil
}

// PermanentError is the reason why a message is never delivered, in a form that a row may hold: without secrets,
// without the message's body and without what a receiver answered.
type PermanentError struct {
	Reason string
}

func (e *PermanentError) Error() string { return e.Reason }

func permanent(format string, args ...any) error {
	return &PermanentError{Reason: fmt.Sprintf(format, args...)}
}

// IsPermanent reports whether no retry can help.
func IsPermanent(err error) bool {
	_, permanent := errors.AsType[*PermanentError](err)
	return permanent
}
