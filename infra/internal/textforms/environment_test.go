package textforms

import (
	"encoding/json"
	"fmt"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

// environmentBytes is what Lambda measures of a function's variables: JSON, at most 4 KB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func environmentBytes(t *testing.T, r *infratest.Resource) int {
	t.Helper()
	variables := map[string]string{}
	value, _ := r.Value("environment.variables")
	WalkStrings("", value, func(path, text string) { variables[path[1:]] = text })
	text, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	return len(text)
}

func TestVariablesOfEveryFunctionFitIntoLambdasEnvironmentWithTheLongestValues(t *testing.T) {
	s := infratest.DeployedAs(t, fmt.Sprintf("%0100d", 0), fmt.Sprintf("%0100d", 0), infratest.With(infratest.Modes["single"], infratest.Longest, map[string]string{"channels": infratest.Webhook["channels"]}))
	for _, r := range s.Of(t, "lambda/function:Function") {
		if n := environmentBytes(t, r); n > 4096 {
			t.Errorf("%s: %d bytes of variables", r.Name, n)
		}
		value, _ := r.Value("environment.variables")
		for key := range value.ObjectValue() {
			if err := (Form{Pattern: `[a-zA-Z][a-zA-Z0-9_]+`}).Judge(string(key)); err != nil {
				t.Errorf("%s: %v", r.Name, err)
			}
		}
	}
}
