package textforms

// lambdaName is the name of a function, which Lambda counts without its ARN.
var lambdaName = Form{Pattern: `[a-zA-Z0-9_-]+`, most: 64}

var deliveryTexts = map[string]texts{
	"iam/role:Role": {Page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
		Named: "name", Forms: map[string]Form{
			"name":             {Pattern: `[\w+=,.@-]+`, most: 64},
			"assumeRolePolicy": policyForm(2048),
		},
	},
	"iam/rolePolicy:RolePolicy": {Page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
		Named: "name", Forms: map[string]Form{
			"name":   {Pattern: `[\w+=,.@-]+`, most: 128},
			"policy": policyForm(10240), // of all of a role's
			"role":   {Pattern: `[\w+=,.@-]+`},
		},
	},
	"iam/policy:Policy": {Page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		Named: "name", Forms: map[string]Form{
			"name":        {Pattern: `[\w+=,.@-]+`, most: 128},
			"policy":      policyForm(6144),
			"description": {most: 1000},
		},
	},
	"iam/instanceProfile:InstanceProfile": {Page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html",
		Named: "name", Forms: map[string]Form{
			"name": {Pattern: `[\w+=,.@-]+`, most: 128},
			"role": {Pattern: `[\w+=,.@-]+`},
		},
	},
	"lambda/function:Function": {Page: "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
		Forms: map[string]Form{
			"name":                    lambdaName,
			"description":             {most: 256},
			"handler":                 {Pattern: `\S+`, most: 128},
			"architectures[*]":        {Pattern: "arm64|x86_64"},
			"environment.variables.*": {},
			"layers[*]":               {Pattern: `arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:layer:[a-zA-Z0-9_-]+:\d+`, most: 140},
			"role":                    {Pattern: `arn:.*`},
			"runtime":                 {Pattern: `provided\.al2023`},
			"sourceCodeHash":          {Pattern: `[A-Za-z0-9+/=]{44}`},
			"tracingConfig.mode":      {Pattern: "Active"},
		},
	},
	"lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
		Page: "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
		Forms: map[string]Form{
			"functionName": lambdaName,
			"destinationConfig.onFailure.destination": {Pattern: `arn:.*`, most: 350},
			"destinationConfig.onSuccess.destination": {Pattern: `arn:.*`, most: 350},
		},
	},
	"lambda/invocation:Invocation": {Page: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
		Forms: map[string]Form{
			"functionName":   lambdaName,
			"input":          {check: isJSON},
			"lifecycleScope": {Pattern: `CREATE_ONLY|CRUD`}, // as triggers, the provider's alone
			"triggers.*":     {},
		},
	},
	"lambda/permission:Permission": {Page: "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html",
		Forms: map[string]Form{
			"action":        {Pattern: `lambda:[A-Za-z]+`},
			"function":      lambdaName,
			"principal":     {Pattern: `[a-z]+\.amazonaws\.com`},
			"sourceAccount": {Pattern: `\d{12}`},
		},
	},
	"scheduler/scheduleGroup:ScheduleGroup": {Page: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html",
		Named: "name", Forms: map[string]Form{
			"name": {Pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
		},
	},
	"scheduler/schedule:Schedule": {Page: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html",
		Named: "name", Forms: map[string]Form{
			"name":        {Pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
			"description": {most: 512},
			"groupName":   {Pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
			// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based has both numbers of a unit.
			"scheduleExpression":         {Pattern: `rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)`},
			"scheduleExpressionTimezone": {Pattern: "UTC"},
			"flexibleTimeWindow.mode":    {Pattern: "OFF|FLEXIBLE"},
			"target.input":               {check: isJSON},
		},
	},
	"sns/topic:Topic": {Page: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
		Named: "name", Forms: map[string]Form{
			"name": {Pattern: `[A-Za-z0-9_-]+`, most: 256},
		},
	},
	"sns/topicPolicy:TopicPolicy": {
		Page: "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html",
		Forms: map[string]Form{
			"policy": policyForm(0),
		},
	},
	"sns/topicSubscription:TopicSubscription": {Page: "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
		// A mailbox's 64 bytes and 254 in all are RFC 5321's.
		Forms: map[string]Form{
			"endpoint": {Pattern: `[!-?A-~]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]+`, most: 254},
			"protocol": {Pattern: "email"},
			"topic":    {Pattern: `arn:.*`},
		},
	},
	"sqs/queue:Queue": {Page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
		Named: "name", Forms: map[string]Form{
			"name": {Pattern: `[A-Za-z0-9_-]+`, most: 80},
		},
	},
	"sqs/queuePolicy:QueuePolicy": {Page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
		Forms: map[string]Form{
			"policy":   policyForm(0),
			"queueUrl": {Pattern: `https://\S+`},
		},
	},
}
