package infra

import (
	"encoding/json"
	"fmt"
	"testing"
)

// lambdaName is the name of a function, which Lambda counts without its ARN.
var lambdaName = form{pattern: `[a-zA-Z0-9_-]+`, most: 64}

var deliveryTexts = map[string]texts{
	"iam/role:Role": {page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
		named: "name", forms: map[string]form{
			"name":             {pattern: `[\w+=,.@-]+`, most: 64},
			"assumeRolePolicy": policyForm(2048),
		},
	},
	"iam/rolePolicy:RolePolicy": {page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
		named: "name", forms: map[string]form{
			"name":   {pattern: `[\w+=,.@-]+`, most: 128},
			"policy": policyForm(10240), // of all of a role's
			"role":   {pattern: `[\w+=,.@-]+`},
		},
	},
	"iam/policy:Policy": {page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html",
		named: "name", forms: map[string]form{
			"name":        {pattern: `[\w+=,.@-]+`, most: 128},
			"policy":      policyForm(6144),
			"description": {most: 1000},
		},
	},
	"iam/instanceProfile:InstanceProfile": {page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html",
		named: "name", forms: map[string]form{
			"name": {pattern: `[\w+=,.@-]+`, most: 128},
			"role": {pattern: `[\w+=,.@-]+`},
		},
	},
	"lambda/function:Function": {page: "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
		forms: map[string]form{
			"name":                    lambdaName,
			"description":             {most: 256},
			"handler":                 {pattern: `\S+`, most: 128},
			"architectures[*]":        {pattern: "arm64|x86_64"},
			"environment.variables.*": {},
			"layers[*]":               {pattern: `arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:layer:[a-zA-Z0-9_-]+:\d+`, most: 140},
			"role":                    {pattern: `arn:.*`},
			"runtime":                 {pattern: `provided\.al2023`},
			"sourceCodeHash":          {pattern: `[A-Za-z0-9+/=]{44}`},
			"tracingConfig.mode":      {pattern: "Active"},
		},
	},
	"lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
		page: "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
		forms: map[string]form{
			"functionName": lambdaName,
			"destinationConfig.onFailure.destination": {pattern: `arn:.*`, most: 350},
			"destinationConfig.onSuccess.destination": {pattern: `arn:.*`, most: 350},
		},
	},
	"lambda/invocation:Invocation": {page: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
		forms: map[string]form{
			"functionName": lambdaName,
			"input":        {check: isJSON},
			"triggers.*":   {},
		},
	}, // triggers are the state's alone
	"lambda/permission:Permission": {page: "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html",
		forms: map[string]form{
			"action":        {pattern: `lambda:[A-Za-z]+`},
			"function":      lambdaName,
			"principal":     {pattern: `[a-z]+\.amazonaws\.com`},
			"sourceAccount": {pattern: `\d{12}`},
		},
	},
	"scheduler/scheduleGroup:ScheduleGroup": {page: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html",
		named: "name", forms: map[string]form{
			"name": {pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
		},
	},
	"scheduler/schedule:Schedule": {page: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html",
		named: "name", forms: map[string]form{
			"name":                       {pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
			"description":                {most: 512},
			"groupName":                  {pattern: `[0-9a-zA-Z\-_.]+`, most: 64},
			"scheduleExpression":         {pattern: `rate\(1 (hour|day)\)`},
			"scheduleExpressionTimezone": {pattern: "UTC"},
			"flexibleTimeWindow.mode":    {pattern: "OFF|FLEXIBLE"},
			"target.input":               {check: isJSON},
		},
	},
	"sns/topic:Topic": {page: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
		named: "name", forms: map[string]form{
			"name": {pattern: `[A-Za-z0-9_-]+`, most: 256},
		},
	},
	"sns/topicPolicy:TopicPolicy": {
		page: "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html",
		forms: map[string]form{
			"policy": policyForm(0),
		},
	},
	"sns/topicSubscription:TopicSubscription": {page: "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
		// A mailbox's 64 bytes and 254 in all are RFC 5321's.
		forms: map[string]form{
			"endpoint": {pattern: `[!-?A-~]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]+`, most: 254},
			"protocol": {pattern: "email"},
			"topic":    {pattern: `arn:.*`},
		},
	},
	"sqs/queue:Queue": {page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
		named: "name", forms: map[string]form{
			"name": {pattern: `[A-Za-z0-9_-]+`, most: 80},
		},
	},
	"sqs/queuePolicy:QueuePolicy": {page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
		forms: map[string]form{
			"policy":   policyForm(0),
			"queueUrl": {pattern: `https://\S+`},
		},
	},
}

// environmentBytes is what Lambda measures of a function's variables: JSON, at most 4 KB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func environmentBytes(t *testing.T, r *registered) int {
	t.Helper()
	variables := map[string]string{}
	value, _ := r.value("environment.variables")
	walkStrings("", value, func(path, text string) { variables[path[1:]] = text })
	text, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	return len(text)
}

func TestVariablesOfEveryFunctionFitIntoLambdasEnvironmentWithTheLongestValues(t *testing.T) {
	s := deployedAs(t, fmt.Sprintf("%0100d", 0), fmt.Sprintf("%0100d", 0), with(modes["single"], longest, map[string]string{"channels": webhook["channels"]}))
	for _, r := range s.of(t, "lambda/function:Function") {
		if n := environmentBytes(t, r); n > 4096 {
			t.Errorf("%s: %d bytes of variables", r.name, n)
		}
		value, _ := r.value("environment.variables")
		for key := range value.ObjectValue() {
			if err := (form{pattern: `[a-zA-Z][a-zA-Z0-9_]+`}).judge(string(key)); err != nil {
				t.Errorf("%s: %v", r.name, err)
			}
		}
	}
}
