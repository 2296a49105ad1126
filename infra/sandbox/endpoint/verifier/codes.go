package verifier

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// codes are the error codes of a service, by the kind of problem.
type codes [4]string

// of are the codes of the services that have their own.
var of = map[string]codes{
	// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
	"ec2": {"MissingParameter", "InvalidParameterValue", "UnknownParameter", "InvalidParameterValue"},
	// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html
	"rds": {"MissingParameter", "InvalidParameterValue", "MalformedInput", "InvalidParameterValue"},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
	"sqs": {"MissingParameter", "InvalidParameterValue", "SerializationException", "SerializationException"},
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
	"cloudwatch": {"ValidationError", "ValidationError", "SerializationException", "SerializationException"},
	// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
	"s3": {"InvalidRequest", "InvalidArgument", "InvalidArgument", "MalformedXML"},
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html#API_CreateLogGroup_Errors
	"logs": {"InvalidParameterException", "InvalidParameterException", "SerializationException", "SerializationException"},
}

// Those of all others are their protocol's.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
var (
	ofQuery = codes{"ValidationError", "ValidationError", "MalformedInput", "MalformedInput"}
	ofJSON  = codes{"ValidationException", "ValidationException", "SerializationException", "SerializationException"}
)

// order is how early a kind shows: what cannot be read is never validated.
var order = map[model.Kind]int{model.Malformed: 0, model.Unknown: 1, model.Missing: 2, model.Invalid: 2}

// statuses are HTTP's for the codes that do not come with 400.
var statuses = map[string]int{
	"LimitExceeded":                  http.StatusConflict, // IAM's
	"RequestTooLargeException":       http.StatusRequestEntityTooLarge,
	"RequestEntityTooLargeException": http.StatusRequestEntityTooLarge,
}

func codesOf(call *wire.Call) codes {
	kinds, ok := of[call.Service.Name]
	switch {
	case ok:
		return kinds
	case call.Protocol == wire.Query:
		return ofQuery
	}
	return ofJSON
}

// refusalOf puts problems into a service's words. AWS takes an unknown member of AWS JSON in silence; here it is
// refused, because what it should have set is not set.
func refusalOf(call *wire.Call, problems []model.Problem) *wire.Refusal {
	first := problems[0]
	for _, p := range problems {
		if order[p.Kind] < order[first.Kind] {
			first = p
		}
	}
	refusal := &wire.Refusal{Code: codesOf(call)[first.Kind]}
	switch first.Kind {
	case model.Malformed:
		refusal.Message = fmt.Sprintf("%s: %s", first.Path.Parameter(), first.Constraint)
	case model.Unknown:
		refusal.Message = fmt.Sprintf("The parameter %s is not recognized", first.Path.Parameter())
	default:
		refusal.Message = constraints(call, first, problems)
	}
	return refusal
}

// constraints are the messages of broken constraints: one at a time in EC2, RDS and SQS, all at once elsewhere.
func constraints(call *wire.Call, first model.Problem, problems []model.Problem) string {
	if call.Service.Name == "ec2" || call.Service.Name == "rds" || call.Service.Name == "sqs" {
		if first.Kind == model.Missing {
			return "The request must contain the parameter " + first.Path.Parameter()
		}
		return fmt.Sprintf("Value (%s) for parameter %s is invalid. %s", first.Value, first.Path.Parameter(), first.Constraint)
	}
	var all []string
	for _, p := range problems {
		value := ""
		switch {
		case p.Kind == model.Missing:
			value = "null "
		case p.Value != "":
			value = "'" + p.Value + "' "
		}
		all = append(all, fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: %s", value, p.Path, p.Constraint))
	}
	count := cmp.Or(map[bool]string{true: "1 validation error"}[len(all) == 1], fmt.Sprintf("%d validation errors", len(all)))
	return count + " detected: " + strings.Join(all, "; ")
}
