package dataplane

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// deliverToDestination gives an event's record to its destination, if there is one and the function's role may. As on AWS, a
// record that may not be delivered is lost: the metric DestinationDeliveryFailures alone counts it.
func (p *plane) deliverToDestination(ctx context.Context, e *entry[event]) (time.Duration, bool) {
	to := e.Item.Destination
	if to == "" {
		return 0, true
	}
	line := Line{Kind: Lost, Payload: e.Item.Payload, Function: e.Item.Function}
	source, err := p.deployed.get(ctx, e.Item.Function)
	if cloud.NotFound(err) {
		err = &refused{"ResourceNotFoundException", "the function is gone"}
	}
	if err == nil {
		err = p.deliver(ctx, source.RoleARN, to, idFor(e.ID, "record"), string(e.Item.Record), nil)
	}
	switch refusal := asRefused(err); {
	case refusal != nil:
		line.Text = refusal.Error()
	case err != nil:
		return postpone(p, e, err)
	default:
		line.Kind, line.Text = Handed, to[strings.LastIndexByte(to, ':')+1:]
		if strings.Contains(to, ":sqs:") {
			line.Kind = Dead
			line.Text += reason(e.Item.Record)
		}
	}
	p.trace.write(line)
	return 0, true
}

// reason is why Lambda gave an event up, as its record says it; "" for one that succeeded.
func reason(record json.RawMessage) string {
	var r struct {
		RequestContext struct {
			Condition              string
			ApproximateInvokeCount int
		}
		ResponsePayload struct{ ErrorMessage string }
	}
	if err := json.Unmarshal(record, &r); err != nil || r.RequestContext.Condition == lambdaruntime.Success {
		return ""
	}
	because := ": " + r.RequestContext.Condition + " after " + command.Count(r.RequestContext.ApproximateInvokeCount, "attempt")
	if said := r.ResponsePayload.ErrorMessage; said != "" {
		because += ": " + said
	}
	return because
}

// deliver gives a text to a function or a queue, by its ARN, on behalf of a role.
func (p *plane) deliver(ctx context.Context, roleARN, to, id, text string, attributes map[string]string) error {
	switch service := strings.Split(to+":::", ":")[2]; service {
	case "lambda":
		if err := p.permit(ctx, roleARN, "lambda:InvokeFunction", to); err != nil {
			return err
		}
		name := cloud.FunctionName(to)
		if _, err := p.deployed.get(ctx, name); cloud.NotFound(err) {
			return &refused{"ResourceNotFoundException", "there is no function " + name}
		} else if err != nil {
			return err
		}
		if !json.Valid([]byte(text)) {
			return &refused{"InvalidRequestContentException", "the event is not JSON"}
		}
		if len(text) > maxQueuedEvent {
			return &refused{"RequestTooLargeException", "the event is too large"}
		}
		return p.accept(id, name, []byte(text))
	case "sqs":
		if err := p.permit(ctx, roleARN, "sqs:SendMessage", to); err != nil {
			return err
		}
		err := p.cloud.Send(ctx, to, text, attributes)
		if cloud.NotFound(err) {
			return &refused{"AWS.SimpleQueueService.NonExistentQueue", "there is no queue " + to}
		}
		return err
	}
	return &refused{"InvalidParameterValueException", fmt.Sprintf("the sandbox invokes functions and queues, not %s", to)}
}
