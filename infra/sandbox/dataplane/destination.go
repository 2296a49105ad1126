package dataplane

import (
	"context"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// handOver gives an event's record to its destination, if there is one and the function's role may. As on AWS, a
// record that may not be handed over is lost: the metric DestinationDeliveryFailures is all that tells of it.
func (p *plane) handOver(ctx context.Context, e *entry[event]) (time.Duration, bool) {
	to := e.Item.Destination
	if to == "" {
		return 0, true
	}
	lost := Line{Kind: Lost, Payload: e.Item.Payload, Function: e.Item.Function}
	source, err := p.deployed.get(ctx, e.Item.Function)
	if cloud.NotFound(err) {
		lost.Text = "the function is gone"
		p.trace.write(lost)
		return 0, true
	}
	if err == nil {
		err = p.deliver(ctx, source.RoleARN, to, idFor(e.ID, "record"), string(e.Item.Record), nil)
	}
	switch {
	case refusedFor(err) != "":
		lost.Text = refusedFor(err)
		p.trace.write(lost)
	case err != nil:
		return awayPause, false
	default:
		handed := Line{Kind: Handed, Payload: e.Item.Payload, Function: e.Item.Function, Text: to[strings.LastIndexByte(to, ':')+1:]}
		if strings.Contains(to, ":sqs:") {
			handed.Kind = Dead
		}
		p.trace.write(handed)
	}
	return 0, true
}

// deliver hands a text to a function or a queue, by its ARN, on behalf of a role.
func (p *plane) deliver(ctx context.Context, roleARN, to, id, text string, attributes map[string]string) error {
	switch service := strings.Split(to, ":")[2]; service {
	case "lambda":
		if err := p.permit(ctx, roleARN, "lambda:InvokeFunction", to); err != nil {
			return err
		}
		name := cloud.FunctionName(to)
		if _, err := p.deployed.get(ctx, name); cloud.NotFound(err) {
			return refused(fmt.Sprintf("there is no function %s", name))
		} else if err != nil {
			return err
		}
		return p.accept(id, name, []byte(text))
	case "sqs":
		if err := p.permit(ctx, roleARN, "sqs:SendMessage", to); err != nil {
			return err
		}
		if err := p.cloud.Send(ctx, to, text, attributes); cloud.NotFound(err) {
			return refused(fmt.Sprintf("there is no queue %s", to))
		} else {
			return err
		}
	default:
		return refused(fmt.Sprintf("the sandbox hands nothing to %s", service))
	}
}
