package rules

import "regexp"

const (
	apiSQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/"

	queueName = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
	messageKB = 1024
)

var sqs = []Rule{
	{"sqs", "CreateQueue", "QueueName",
		matching(`[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo`, queueName), "", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.DelaySeconds",
		between(0, 900), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.MaximumMessageSize",
		between(messageKB, 1024*messageKB), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.MessageRetentionPeriod",
		between(60, 1209600), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.ReceiveMessageWaitTimeSeconds",
		between(0, 20), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.VisibilityTimeout",
		between(0, 43200), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.KmsDataKeyReusePeriodSeconds",
		between(60, 86400), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.SqsManagedSseEnabled",
		oneOf("true", "false"), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.Policy",
		resourcePolicy("Invalid value for the parameter Policy."), "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes.RedrivePolicy",
		wellFormed("Value for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map."),
		"", apiSQS + "API_CreateQueue.html"},
	{"sqs", queueAttributes, "Attributes", oneEncryption, "InvalidAttributeValue", apiSQS + "API_CreateQueue.html"},
	{"sqs", "ReceiveMessage", "MaxNumberOfMessages", between(1, 10), "", apiSQS + "API_ReceiveMessage.html"},
	{"sqs", "ReceiveMessage", "WaitTimeSeconds", between(0, 20), "", apiSQS + "API_ReceiveMessage.html"},
	{"sqs", "ReceiveMessage ChangeMessageVisibility", "VisibilityTimeout",
		between(0, 43200), "", apiSQS + "API_ReceiveMessage.html"},
	{"sqs", "ChangeMessageVisibilityBatch", "Entries.*.VisibilityTimeout",
		between(0, 43200), "", apiSQS + "API_ChangeMessageVisibility.html"},
	{"sqs", "SendMessage", "DelaySeconds", between(0, 900), "", apiSQS + "API_SendMessage.html"},
	{"sqs", "SendMessage", "MessageBody",
		all(characters(1, 1024*messageKB), size(1024*messageKB)), "", apiSQS + "API_SendMessage.html"},
	{"sqs", "SendMessage", "MessageBody", unreadable, "InvalidMessageContents", apiSQS + "API_SendMessage.html"},
	{"sqs", "SendMessageBatch DeleteMessageBatch ChangeMessageVisibilityBatch", "Entries",
		atMostTen, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", apiSQS + "API_SendMessageBatch.html"},
}

const queueAttributes = "CreateQueue SetQueueAttributes"

// outside is a character that no message may hold.
var outside = regexp.MustCompile(`[^\x{9}\x{A}\x{D}\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]`)

func unreadable(value any) string {
	if text, ok := value.(string); ok && outside.MatchString(text) {
		return "Invalid binary character was found in the message body, the set of allowed characters is " +
			"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
	}
	return ""
}

func oneEncryption(value any) string {
	set, _ := value.(map[string]any)
	if key, _ := set["KmsMasterKeyId"].(string); key != "" && set["SqsManagedSseEnabled"] == "true" {
		return "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."
	}
	return ""
}

func atMostTen(value any) string {
	if entries, ok := value.([]any); ok && len(entries) > 10 {
		return "Maximum number of entries per request are 10. You have sent more."
	}
	return ""
}
