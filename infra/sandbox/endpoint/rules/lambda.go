package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	apiLambda    = "https://docs.aws.amazon.com/lambda/latest/api/"
	limitsLambda = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
	variables    = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"

	invalidLambda = "InvalidParameterValueException"

	environmentSize = 4 << 10
	zipSize         = 50 << 20
	syncSize        = 6 << 20
	asyncSize       = 1 << 20
)

var lambda = []Rule{
	{"lambda", "CreateFunction", "FunctionName", functionName, "", apiLambda + "API_CreateFunction.html"},
	{"lambda", "CreateFunction", "", deployment, invalidLambda, apiLambda + "API_CreateFunction.html"},
	{"lambda", functionSettings, "Timeout", between(1, 900), "", limitsLambda},
	{"lambda", functionSettings, "MemorySize", between(128, 10240), "", limitsLambda},
	{"lambda", functionSettings, "Environment.Variables", environment, invalidLambda, variables},
	{"lambda", functionSettings, "Layers", layers, invalidLambda, limitsLambda},
	{"lambda", "CreateFunction", "Code.ZipFile", zip, "RequestEntityTooLargeException", limitsLambda},
	{"lambda", "UpdateFunctionCode", "ZipFile", zip, "RequestEntityTooLargeException", limitsLambda},
	{"lambda", "Invoke", "", payload, "RequestTooLargeException", limitsLambda},
}

const functionSettings = "CreateFunction UpdateFunctionConfiguration"

// functionName limits a name; an ARN is longer.
func functionName(value any) string {
	name, _ := value.(string)
	if !strings.Contains(name, ":") && len(name) > 64 {
		return fmt.Sprintf("1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: "+
			"Member must have length less than or equal to 64", name)
	}
	return ""
}

// reserved are the variables that Lambda sets itself.
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
	"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

const unable = "Lambda was unable to configure your environment variables because the environment variables you have provided "

func environment(value any) string {
	set, _ := value.(map[string]any)
	size := 0
	var taken []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		text, _ := set[name].(string)
		size += len(name) + len(text)
		if slices.Contains(reserved, name) {
			taken = append(taken, name)
		}
	}
	if len(taken) > 0 {
		return unable + "contains reserved keys that are currently not supported for modification. " +
			"Reserved keys used in this request: " + strings.Join(taken, ", ")
	}
	if size > environmentSize {
		return unable + "exceeded the 4KB limit."
	}
	return ""
}

// deployment holds that a function of a zip says what runs it.
func deployment(value any) string {
	input, _ := value.(map[string]any)
	if input["PackageType"] != "Image" && (input["Runtime"] == nil || input["Handler"] == nil) {
		return "Runtime and Handler are mandatory parameters for functions created with deployment packages."
	}
	return ""
}

func layers(value any) string {
	if arns, ok := value.([]any); ok && len(arns) > 5 {
		return "Cannot reference more than 5 layers."
	}
	return ""
}

func zip(value any) string {
	if content, ok := value.([]byte); ok && len(content) > zipSize {
		return fmt.Sprintf("Request must be smaller than %d bytes for the zip file", zipSize)
	}
	return ""
}

func payload(value any) string {
	input, _ := value.(map[string]any)
	content, _ := input["Payload"].([]byte)
	kind, limit := "RequestResponse", syncSize
	if input["InvocationType"] == "Event" {
		kind, limit = "Event", asyncSize
	}
	if len(content) > limit {
		return fmt.Sprintf("%d byte payload is too large for the %s invocation type (limit %d bytes)", len(content), kind, limit)
	}
	return ""
}
