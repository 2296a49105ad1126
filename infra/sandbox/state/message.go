package state

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
)

// Webhook is the address of a receiver that answers with the statuses.
func (s *State) Webhook(statuses string) string { return "https://" + s.Receiver + "/" + statuses }

// Schedule registers a message's schedule as a backend does.
func (s *State) Schedule(ctx context.Context, m contract.Message, in time.Duration) (time.Time, error) {
	schedule, at, err := s.ScheduleOf(m, in)
	if err != nil {
		return at, err
	}
	if err := s.Cloud().CreateSchedule(ctx, schedule); err != nil {
		return at, fmt.Errorf("schedule %s: %w", m.ID, err)
	}
	return at, nil
}

// ScheduleOf is a message's schedule, made of the stack's outputs alone.
func (s *State) ScheduleOf(m contract.Message, in time.Duration) (schedule cloud.Schedule, at time.Time, err error) {
	at = time.Now().UTC().Add(in).Truncate(time.Second)
	input, err := json.Marshal(m)
	if err != nil {
		return schedule, at, err
	}
	schedule = cloud.Schedule{
		Name: m.ID, Group: s.Outputs[contract.OutputScheduleGroupName], Expression: "at(" + at.Format("2006-01-02T15:04:05") + ")",
		Timezone: "UTC", AfterCompletion: "DELETE",
		KMSKeyARN: s.Outputs[contract.OutputScheduleKeyARN],
		Target: cloud.Target{
			ARN:     s.Outputs[contract.OutputSenderARN],
			RoleARN: s.Outputs[contract.OutputSchedulerRoleARN],
			Input:   string(input),
		},
	}
	schedule.FlexibleTimeWindow.Mode = "OFF"
	schedule.Target.DeadLetters.ARN = s.Outputs[contract.OutputUndeliveredQueueARN]
	schedule.Target.RetryPolicy.Attempts, schedule.Target.RetryPolicy.MaxAge = 3, 3600
	return schedule, at, nil
}

// SigningKeys reads the keys that the deployed senders, of whichever stack, sign for the receiver with.
func (s *State) SigningKeys(ctx context.Context) (texts []string, err error) {
	functions, err := s.Cloud().Functions(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range functions {
		arn := f.Environment.Variables[contract.EnvWebhookSecretARN]
		if arn == "" {
			continue
		}
		secret, err := s.Cloud().Secret(ctx, arn)
		if err != nil {
			return nil, err
		}
		var value webhook.Secret
		if err := json.Unmarshal([]byte(secret.Value), &value); err != nil {
			return nil, err
		}
		keys, err := value.HostKeys(s.Receiver)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			texts = append(texts, webhook.FormatKey(key))
		}
	}
	return texts, nil
}
