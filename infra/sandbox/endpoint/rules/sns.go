package rules

import "strings"

const (
	apiSNS      = "https://docs.aws.amazon.com/sns/latest/api/"
	invalidSNS  = "InvalidParameter"
	messageSize = 256 << 10

	topicActions = "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"
)

var sns = []Rule{
	{"sns", "CreateTopic", "Name",
		matching(`[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo`, "Invalid parameter: Topic Name"),
		invalidSNS, apiSNS + "API_CreateTopic.html"},
	{"sns", "CreateTopic", "Attributes.Policy", topicPolicy, invalidSNS, topicActions},
	{"sns", "CreateTopic", "Attributes.#", topicAttribute, invalidSNS, apiSNS + "API_CreateTopic.html"},
	{"sns", "SetTopicAttributes", "AttributeName", topicAttribute, invalidSNS, apiSNS + "API_SetTopicAttributes.html"},
	{"sns", "SetTopicAttributes", "", policyAttribute, invalidSNS, topicActions},
	{"sns", "Subscribe", "Protocol",
		oneOf("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"),
		invalidSNS, apiSNS + "API_Subscribe.html"},
	{"sns", "Subscribe", "", endpoint, invalidSNS, apiSNS + "API_Subscribe.html"},
	{"sns", "Publish", "Subject",
		matching(`[^\x00-\x1F\x7F]{1,99}`, "Invalid parameter: Subject"), invalidSNS, apiSNS + "API_Publish.html"},
	{"sns", "Publish", "Message",
		all(size(messageSize), not(`\A\z`, "Invalid parameter: Empty message")), invalidSNS, apiSNS + "API_Publish.html"},
}

// topicAttribute is an attribute that a topic has: settings by name, and those of each protocol's feedback.
var topicAttribute = matching(`DeliveryPolicy|DisplayName|Policy|TracingConfig|SignatureVersion|KmsMasterKeyId|FifoTopic|`+
	`ArchivePolicy|ContentBasedDeduplication|FifoThroughputScope|DataProtectionPolicy|`+
	`(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate)`,
	"Invalid parameter: AttributeName")

// topicPolicy names actions on topics, each by itself.
var topicPolicy = all(resourcePolicy("Invalid parameter: Policy Error: null"),
	actionsOf(`sns:(?:Publish|Subscribe|Receive|GetTopicAttributes|SetTopicAttributes|AddPermission|RemovePermission|DeleteTopic|`+
		`ListSubscriptionsByTopic|GetDataProtectionPolicy|PutDataProtectionPolicy)`,
		"Invalid parameter: Policy statement action out of service scope!"))

func policyAttribute(value any) string {
	input, _ := value.(map[string]any)
	if input["AttributeName"] != "Policy" {
		return ""
	}
	return topicPolicy(input["AttributeValue"])
}

// starts are what endpoints begin with, by protocol.
var starts = map[string]string{"http": "http://", "https": "https://", "sqs": "arn:", "lambda": "arn:", "firehose": "arn:",
	"application": "arn:"}

func endpoint(value any) string {
	input, _ := value.(map[string]any)
	protocol, _ := input["Protocol"].(string)
	address, _ := input["Endpoint"].(string)
	if strings.HasPrefix(protocol, "email") && !strings.Contains(address, "@") {
		return "Invalid parameter: Email address"
	}
	if !strings.HasPrefix(address, starts[protocol]) {
		return "Invalid parameter: Endpoint must match the specified protocol"
	}
	return ""
}
