package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"scheduled-messages/lambda/message"
)

// resend empties the queues as far as it can. Each letter is deleted last, when what it stands for is done: a command
// that is killed leaves it, and the next one finds out how far the first came.
//
//   - A status is written by the updater, which may be asked any number of times.
//   - A message gets a schedule whose name its id tells. Of two schedules of one name AWS refuses the second, so that
//     neither a second run, nor two at once, nor a second letter of the message sends it again.
func (o *office) resend(ctx context.Context, failed bool) error {
	if err := o.tidy(ctx, time.Now()); err != nil {
		return fmt.Errorf("finished schedules: %w", err)
	}
	unwritten := map[string]bool{} // ids of messages whose outcome could not be written
	for _, q := range o.both() {
		if err := o.tellHidden(ctx, q); err != nil {
			return err
		}
		var kept []*letter
		done := 0
		err := o.each(ctx, q, resendSeconds, func(l *letter) error {
			did, stays, err := "", l.unclear, error(nil)
			switch {
			case l.empty != "":
				did = "deleted: " + l.empty
			case stays != nil:
			case q.name == "unwritten":
				did, stays = o.write(ctx, l)
			case unwritten[l.messageID]:
				stays = errors.New("its outcome waits in unwritten, and may be SENT")
			default:
				did, stays, err = o.send(ctx, l, failed)
			}
			switch {
			case err != nil:
				kept = append(kept, l)
				return fmt.Errorf("%s: message %s: %w", q.name, l.messageID, err)
			case stays != nil:
				kept = append(kept, l)
				if q.name == "unwritten" && l.messageID != "" {
					unwritten[l.messageID] = true
				}
				o.say("%s: letter %s, message %q stays: %v", q.name, l.letterID, l.messageID, stays)
				return nil
			}
			if err := o.delete(ctx, q, l); err != nil {
				return err
			}
			done++
			o.say("%s: letter %s, message %q: %s", q.name, l.letterID, l.messageID, did)
			return nil
		})
		o.release(ctx, q, kept)
		if err != nil {
			return err
		}
		o.say("%s: %d done, %d stay", q.name, done, len(kept))
	}
	return nil
}

// write has the updater write a status, and says why it could not.
func (o *office) write(ctx context.Context, l *letter) (did string, stays error) {
	var answer struct{ Row string }
	if err := o.ask(ctx, l.event, &answer); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s is written, its row %s", l.status, answer.Row), nil
}

// send sends a message that is not SENT yet.
func (o *office) send(ctx context.Context, l *letter, failed bool) (did string, stays, err error) {
	status, err := o.status(ctx, l.messageID)
	switch {
	case err != nil:
		return "", nil, err
	case status == message.Sent:
		return "deleted: it is SENT", nil, nil
	case status == message.Failed && !failed:
		return "", errors.New("its row is FAILED; -failed sends it all the same"), nil
	}
	return o.schedule(ctx, l)
}

// status is a message's, or empty if it has no row.
func (o *office) status(ctx context.Context, id string) (message.Status, error) {
	query, err := json.Marshal(map[string]string{"id": id})
	if err != nil {
		return "", err
	}
	var answer struct {
		OK      bool
		Error   string
		Message *struct{ Status message.Status }
	}
	if err := o.ask(ctx, query, &answer); err != nil {
		return "", err
	}
	if !answer.OK {
		return "", fmt.Errorf("the updater cannot tell its row: %s", answer.Error)
	}
	if answer.Message == nil {
		return "", nil
	}
	return answer.Message.Status, nil
}

// ask invokes the updater and waits for its answer. Such an invocation has no destinations and no retries of Lambda's.
func (o *office) ask(ctx context.Context, event []byte, into any) error {
	answer, err := o.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(o.UpdaterName), Payload: event})
	if err != nil {
		return err
	}
	if answer.FunctionError != nil {
		var said struct{ ErrorMessage string }
		_ = json.Unmarshal(answer.Payload, &said) // without words, the kind of error is all there is
		return fmt.Errorf("the updater: %s: %s", aws.ToString(answer.FunctionError), said.ErrorMessage)
	}
	return json.Unmarshal(answer.Payload, into)
}
