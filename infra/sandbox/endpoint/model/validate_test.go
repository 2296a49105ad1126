package model

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// toy is a service with a shape of each type and constraint.
const toy = `{
 "metadata": {"apiVersion": "2020-01-01", "protocol": "json"},
 "operations": {"Put": {"name": "Put", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "Input"}},
                "Ping": {"name": "Ping", "http": {"method": "POST", "requestUri": "/"}}},
 "shapes": {
  "Input": {"type": "structure", "required": ["Name"], "members": {
    "Name": {"shape": "Name"}, "Count": {"shape": "Count"}, "Share": {"shape": "Share"}, "On": {"shape": "On"},
    "At": {"shape": "At"}, "Content": {"shape": "Content"}, "Mode": {"shape": "Mode"}, "Tags": {"shape": "Tags"},
    "Labels": {"shape": "Labels"}, "Password": {"shape": "Password"}, "Anything": {"shape": "Anything"}}},
  "Name": {"type": "string", "pattern": "[a-z][\\u0030-\\u0039a-z]*", "min": 2, "max": 5},
  "Count": {"type": "integer", "min": 1, "max": 10},
  "Share": {"type": "double", "min": 0, "max": 1},
  "On": {"type": "boolean"}, "At": {"type": "timestamp"}, "Content": {"type": "blob", "max": 3},
  "Mode": {"type": "string", "enum": ["OFF", "FLEXIBLE"]},
  "Tags": {"type": "list", "member": {"shape": "Tag"}, "min": 1, "max": 2},
  "Tag": {"type": "structure", "required": ["Key"], "members": {"Key": {"shape": "Name"}, "Value": {"shape": "Text"}}},
  "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}},
  "Text": {"type": "string"}, "Password": {"type": "string", "min": 8, "sensitive": true},
  "Anything": {"type": "structure", "members": {}, "document": true}}}`

// written writes a model where botocore has it and opens the folder. It holds one of EC2 as well, as all do.
func written(t *testing.T, text string) *Models {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"toy", "ec2"} {
		at := filepath.Join(folder, name, "2020-01-01")
		if err := os.MkdirAll(at, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, "service-2.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	models, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return models
}

func toyInput(t *testing.T) *Shape {
	t.Helper()
	service, err := written(t, toy).Service("toy", "")
	if err != nil {
		t.Fatal(err)
	}
	return service.Operations["Put"].Input
}

func TestWhatAModelAllowsHasNoProblem(t *testing.T) {
	problems := Validate(toyInput(t), map[string]any{
		"Name": "ab1", "Count": int64(10), "Share": 0.5, "On": false, "At": time.Now(), "Content": []byte("abc"), "Mode": "OFF",
		"Tags": []any{map[string]any{"Key": "key", "Value": ""}}, "Labels": map[string]any{"two": int64(2)}, "Password": "long enough",
		"Anything": map[string]any{"goes": []any{nil}},
	})
	if len(problems) > 0 {
		t.Error(problems)
	}
}

func TestEachConstraintOfAModelIsHeld(t *testing.T) {
	input := toyInput(t)
	for _, c := range []struct {
		member string
		value  any
		kind   Kind
		want   string // path: constraint
	}{
		{"Name", nil, Missing, "name: Member must not be null"},
		{"Name", "a", Invalid, "name: Member must have length greater than or equal to 2"},
		{"Name", "abcdef", Invalid, "name: Member must have length less than or equal to 5"},
		{"Name", "ab_", Invalid, `name: Member must satisfy regular expression pattern: [a-z][\u0030-\u0039a-z]*`},
		{"Name", "ab\n", Invalid, "name: Member must satisfy regular expression pattern"},
		{"Name", "xab x", Invalid, "name: Member must satisfy regular expression pattern"},
		{"Name", int64(1), Malformed, "name: Member must be a string"},
		{"Count", int64(0), Invalid, "count: Member must have value greater than or equal to 1"},
		{"Count", int64(11), Invalid, "count: Member must have value less than or equal to 10"},
		{"Count", int64(1) << 31, Malformed, "count: Member must be a integer"},
		{"Count", "1", Malformed, "count: Member must be a integer"},
		{"Share", 1.5, Invalid, "share: Member must have value less than or equal to 1"},
		{"Share", "half", Malformed, "share: Member must be a double"},
		{"On", "yes", Malformed, "on: Member must be a boolean"},
		{"At", "tomorrow", Malformed, "at: Member must be a timestamp"},
		{"Content", []byte("abcd"), Invalid, "content: Member must have length less than or equal to 3"},
		{"Content", "~", Malformed, "content: Member must be a blob"},
		{"Mode", "off", Invalid, "mode: Member must satisfy enum value set: [OFF, FLEXIBLE]"},
		{"Tags", []any{}, Invalid, "tags: Member must have length greater than or equal to 1"},
		{"Tags", "a", Malformed, "tags: Member must be a list"},
		{"Tags", []any{map[string]any{}}, Missing, "tags.1.member.key: Member must not be null"},
		{"Tags", []any{map[string]any{"Key": "key"}, map[string]any{"Key": "KEY"}}, Invalid, "tags.2.member.key: Member must satisfy"},
		{"Tags", []any{map[string]any{"Key": "key", "Colour": "red"}}, Unknown, "tags.1.member.colour: There is no such member"},
		{"Labels", map[string]any{"X": int64(1)}, Invalid, "labels.X.member: Member must"},
		{"Labels", map[string]any{"key": int64(0)}, Invalid, "labels.key.member: Member must have value greater"},
		{"Labels", []any{}, Malformed, "labels: Member must be a map"},
		{"Colour", "red", Unknown, "colour: There is no such member"},
	} {
		value := map[string]any{"Name": "name"}
		value[c.member] = c.value
		problems := Validate(input, value)
		if len(problems) == 0 {
			t.Errorf("%s of %v is allowed", c.member, c.value)
			continue
		}
		p := problems[0]
		if got := fmt.Sprintf("%s: %s", p.Path, p.Constraint); p.Kind != c.kind || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s of %v: kind %d, %s", c.member, c.value, p.Kind, got)
		}
	}
}

func TestAProblemShowsNoSecret(t *testing.T) {
	problems := Validate(toyInput(t), map[string]any{"Name": "name", "Password": "hunter2"})
	if len(problems) != 1 || strings.Contains(fmt.Sprint(problems), "hunter2") {
		t.Error(problems)
	}
}

func TestAnOperationWithoutInputTakesNothing(t *testing.T) {
	service, err := written(t, toy).Service("toy", "2020-01-01")
	if err != nil {
		t.Fatal(err)
	}
	ping := service.Operations["Ping"].Input
	if problems := Validate(ping, map[string]any{}); len(problems) > 0 {
		t.Error(problems)
	}
	if problems := Validate(ping, map[string]any{"Name": "name"}); len(problems) != 1 || problems[0].Kind != Unknown {
		t.Error(problems)
	}
}
