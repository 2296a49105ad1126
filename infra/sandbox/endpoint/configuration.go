package endpoint

import (
	"encoding/json"
	"net/http"
)

// configuration keeps the parts of functions' configurations that moto has no place for, and shows them as AWS does:
// the layers (moto without Docker looks for them where none are ever stored, has none of another account anyway, and
// refuses every function with one), the logging configuration, and the id of the VPC (moto makes one up).
func configuration(f *functions, next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		name, rest, ok := operation(r)
		if !ok || rest == "invocations" {
			return next.RoundTrip(r)
		}
		region, _ := scope(r)
		input := map[string]any{}
		if r.Method == http.MethodPost && name == "" || r.Method == http.MethodPut && rest == "configuration" {
			body, err := readAll(r.Body)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(body, &input); err != nil {
				return nil, err
			}
			if name == "" {
				name, _ = input["FunctionName"].(string)
			}
			if body, err = json.Marshal(without(input, "Layers")); err != nil {
				return nil, err
			}
			setRequestBody(r, body)
		}
		response, err := next.RoundTrip(r)
		if err != nil || response.StatusCode >= 300 {
			return response, err
		}
		body, err := readAll(response.Body)
		if err != nil {
			return nil, err
		}
		var output map[string]any
		if err := json.Unmarshal(body, &output); err == nil { // a deletion answers nothing
			vpc, err := vpcOf(next, r, input)
			if err != nil {
				return nil, err
			}
			f.change(region, functionName(name), func(kept *function) { kept.configure(input, vpc) })
			f.fill(region, output)
			if body, err = json.Marshal(output); err != nil {
				return nil, err
			}
		}
		setResponseBody(response, body)
		return response, nil
	})
}

func without(members map[string]any, name string) map[string]any {
	rest := map[string]any{}
	for n, member := range members {
		if n != name {
			rest[n] = member
		}
	}
	return rest
}

// configure takes over what a request set; what it does not name stays as it was.
func (kept *function) configure(input map[string]any, vpc string) {
	if arns, given := input["Layers"].([]any); given {
		kept.layers = []any{}
		for _, arn := range arns {
			kept.layers = append(kept.layers, map[string]any{"Arn": arn, "CodeSize": 1})
		}
	}
	if logging, given := input["LoggingConfig"].(map[string]any); given {
		kept.logging = logging
	}
	if _, given := input["VpcConfig"]; given {
		kept.vpc = vpc
	}
}

// fill puts what is kept into the configurations of functions, wherever an answer holds them.
func (f *functions) fill(region string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			f.fill(region, member)
		}
		if name, ok := v["FunctionName"].(string); ok {
			f.change(region, name, func(kept *function) { kept.show(name, v) })
		}
	case []any:
		for _, element := range v {
			f.fill(region, element)
		}
	}
}

// show puts what is kept of a function into its configuration.
func (kept *function) show(name string, configuration map[string]any) {
	if kept.layers != nil {
		configuration["Layers"] = kept.layers
	}
	if vpc, ok := configuration["VpcConfig"].(map[string]any); ok {
		vpc["VpcId"] = kept.vpc
	}
	// https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html: what a function has that asks for nothing.
	logging := map[string]any{"LogFormat": "Text", "LogGroup": "/aws/lambda/" + name}
	for member, asked := range kept.logging {
		logging[member] = asked
	}
	configuration["LoggingConfig"] = logging
}
