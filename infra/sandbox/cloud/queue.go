package cloud

import (
	"context"
	"strconv"
	"strings"
)

const sqs = "AmazonSQS."

// Send puts a message into the queue with the ARN. The attributes are strings.
func (c *Client) Send(ctx context.Context, queueARN, body string, attributes map[string]string) error {
	address, err := c.queueURL(ctx, queueARN)
	if err != nil {
		return err
	}
	type attribute struct{ DataType, StringValue string }
	input := map[string]any{"QueueUrl": address, "MessageBody": body}
	all := map[string]attribute{}
	for name, value := range attributes {
		all[name] = attribute{"String", value}
	}
	if len(all) > 0 {
		input["MessageAttributes"] = all
	}
	return c.target(ctx, "sqs", sqs+"SendMessage", input, nil)
}

// Waiting is how many messages are in the queue at a URL.
func (c *Client) Waiting(ctx context.Context, queueURL string) (int, error) {
	var found struct{ Attributes map[string]string }
	const number = "ApproximateNumberOfMessages"
	if err := c.target(ctx, "sqs", sqs+"GetQueueAttributes", map[string]any{
		"QueueUrl": queueURL, "AttributeNames": []string{number}}, &found); err != nil {
		return 0, err
	}
	return strconv.Atoi(found.Attributes[number])
}

func (c *Client) queueURL(ctx context.Context, arn string) (string, error) {
	var found struct {
		QueueURL string `json:"QueueUrl"`
	}
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	err := c.target(ctx, "sqs", sqs+"GetQueueUrl", map[string]string{"QueueName": name}, &found)
	return found.QueueURL, err
}
