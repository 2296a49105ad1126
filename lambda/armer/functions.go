package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/awsenv"
)

// functionTimeout is how long armer waits for the answer of Lambda: as long as relay may take.
const functionTimeout = 30 * time.Second

// functions are relay and the updater.
type functions struct {
	api            *lambda.Client
	relay, updater string
}

func newFunctions(getenv func(string) string, s settings) *functions {
	return &functions{lambda.New(lambda.Options{
		Region: getenv("AWS_REGION"), Credentials: awsenv.Credentials(getenv),
		HTTPClient: awsenv.HTTPClient(functionTimeout), BaseEndpoint: awsenv.Endpoint(getenv, "LAMBDA"),
	}), s.relay, s.updater}
}

// Ask asks relay for a page and waits for it. In an answer that is waited for nothing lies in a queue and comes late or twice.
func (f *functions) Ask(ctx context.Context, after *contract.Cursor) (p contract.Page, err error) {
	event, err := json.Marshal(contract.RelayQuery{After: after})
	if err != nil {
		return p, err
	}
	got, err := f.api.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(f.relay), Payload: event})
	if err != nil {
		return p, fmt.Errorf("relay: %w", err)
	}
	if got.FunctionError != nil {
		return p, fmt.Errorf("relay: %s: %s", *got.FunctionError, bytes.TrimSpace(got.Payload))
	}
	if err := json.Unmarshal(got.Payload, &p); err != nil {
		return p, fmt.Errorf("relay's answer: %w", err)
	}
	return p, nil
}

// Report puts states into the updater's queue.
func (f *functions) Report(ctx context.Context, states []contract.ScheduleState) error {
	event, err := json.Marshal(contract.ScheduleReport{Schedules: states})
	if err != nil {
		return err
	}
	_, err = f.api.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(f.updater), InvocationType: types.InvocationTypeEvent, Payload: event})
	if err != nil {
		return fmt.Errorf("updater: %w", err)
	}
	return nil
}
