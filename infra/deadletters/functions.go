package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"scheduled-messages/lambda/contract"
)

// status is a message's, or empty if it has no row.
func (c *client) status(ctx context.Context, id string) (contract.Status, error) {
	query, err := json.Marshal(map[string]string{"id": id})
	if err != nil {
		return "", err
	}
	var answer struct {
		OK             bool
		Error, Refused string
		Message        *struct{ Status contract.Status }
	}
	if err := c.invoke(ctx, "status", c.StatusName, query, &answer); err != nil {
		return "", err
	}
	if !answer.OK {
		return "", fmt.Errorf("status cannot read its row: %s%s", answer.Error, answer.Refused)
	}
	if answer.Message == nil {
		return "", nil
	}
	return answer.Message.Status, nil
}

// healthy reports whether status reaches the database, so that a row that it cannot read is at fault itself.
func (c *client) healthy(ctx context.Context) bool {
	var answer struct{ OK bool }
	return c.invoke(ctx, "status", c.StatusName, []byte("{}"), &answer) == nil && answer.OK
}

// invoke invokes a function by its name in the stack's outputs and waits for its answer. Such an invocation has no
// destinations and no retries of Lambda's.
func (c *client) invoke(ctx context.Context, function, name string, event []byte, into any) error {
	answer, err := c.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(name), Payload: event})
	if err != nil {
		return err
	}
	if answer.FunctionError != nil {
		var failure struct{ ErrorMessage string }
		_ = json.Unmarshal(answer.Payload, &failure) // without words, the kind of error is all there is
		return fmt.Errorf("%s: %s: %s", function, aws.ToString(answer.FunctionError), failure.ErrorMessage)
	}
	return json.Unmarshal(answer.Payload, into)
}
