package audit

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// thing is a resource of the type "thing" with the inputs in JSON; "SECRET" and "UNKNOWN" stand for such values.
func thing(t *testing.T, inputs string) Resource {
	t.Helper()
	inputs = strings.ReplaceAll(inputs, `"SECRET"`, `{"`+secretKey+`":"`+secretSignature+`","ciphertext":"c2VjcmV0"}`)
	inputs = strings.ReplaceAll(inputs, "UNKNOWN", unknownValue)
	var values map[string]any
	if err := json.Unmarshal([]byte(inputs), &values); err != nil {
		t.Fatal(err)
	}
	return Resource{Type: "thing", Name: "it", ID: "it-id", Inputs: properties(values), Outputs: resource.PropertyMap{}}
}

// rule reads one rule, with what every rule needs.
func rule(t *testing.T, text string) Rule {
	t.Helper()
	rules, err := parse([]byte(`[{"name": "R", "type": "thing", "applies": "yes", ` + strings.TrimPrefix(text, "{") + `]`))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rules[0]
}

// only is the outcome for the one resource.
func only(t *testing.T, r Rule, all ...Resource) Outcome {
	t.Helper()
	findings, err := Judge(r, all)
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != 1 {
		t.Fatalf("%s: %d findings", r.Name, len(findings))
	}
	return findings[0].Outcome
}

func TestConditionsOnOneValue(t *testing.T) {
	for _, test := range []struct {
		rule, inputs string
		want         Outcome
	}{
		{`{"property":"p","condition":"equals","value":"ELB"}`, `{"p":"ELB"}`, Pass},
		{`{"property":"p","condition":"equals","value":"ELB"}`, `{"p":"EC2"}`, Fail},
		{`{"property":"p","condition":"equals","value":"ELB"}`, `{}`, Fail},
		{`{"property":"p","condition":"equals","value":false,"missing":"pass"}`, `{}`, Pass},
		{`{"property":"p","condition":"equals","value":false}`, `{"p":"false"}`, Pass},
		{`{"property":"p","condition":"equals","value":"ELB"}`, `{"p":"SECRET"}`, Unknown},
		{`{"property":"p","condition":"equals","value":"ELB"}`, `{"p":"UNKNOWN"}`, Unknown},
		{`{"property":"p","condition":"notEquals","value":22}`, `{"p":22}`, Fail},
		{`{"property":"p","condition":"notEquals","value":22}`, `{"p":443}`, Pass},
		{`{"property":"p","condition":"notEquals","value":22}`, `{}`, Fail},
		{`{"property":"p","condition":"true"}`, `{"p":true}`, Pass},
		{`{"property":"p","condition":"true"}`, `{"p":"true"}`, Pass},
		{`{"property":"p","condition":"true"}`, `{"p":false}`, Fail},
		{`{"property":"p","condition":"true"}`, `{"p":"yes"}`, Fail},
		{`{"property":"p","condition":"in","value":[false,"false"]}`, `{"p":"false"}`, Pass},
		{`{"property":"p","condition":"in","value":[80,443]}`, `{"p":3306}`, Fail},
		{`{"property":"p","condition":"notIn","value":[22,3306]}`, `{"p":3306}`, Fail},
		{`{"property":"p","condition":"notIn","value":[22,3306]}`, `{"p":443}`, Pass},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":"x"}`, Pass},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":0}`, Pass},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":""}`, Fail},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":[]}`, Fail},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":{}}`, Fail},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":false}`, Fail},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":null}`, Fail},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":"SECRET"}`, Pass},
		{`{"property":"p","condition":"notEmpty"}`, `{"p":["UNKNOWN"]}`, Pass},
		{`{"property":"p","condition":"absent"}`, `{}`, Pass},
		{`{"property":"p","condition":"absent"}`, `{"p":[{"from":1}]}`, Fail},
		{`{"property":"p","condition":"absent"}`, `{"p":"UNKNOWN"}`, Fail},
		{`{"property":"p","condition":"min","value":7}`, `{"p":7}`, Pass},
		{`{"property":"p","condition":"min","value":7}`, `{"p":6}`, Fail},
		{`{"property":"p","condition":"min","value":2}`, `{"p":["a"]}`, Fail},
		{`{"property":"p","condition":"min","value":2}`, `{"p":["a","b"]}`, Pass},
		{`{"property":"p","condition":"min","value":2}`, `{"p":["a","UNKNOWN"]}`, Unknown},
		{`{"property":"p","condition":"max","value":90}`, `{"p":91}`, Fail},
		{`{"property":"p","condition":"max","value":90}`, `{"p":"90"}`, Pass},
		{`{"property":"p","condition":"max","value":1}`, `{"p":["a","b"]}`, Fail},
		{`{"property":"p","condition":"max","value":90}`, `{"p":"never"}`, Fail},
		{`{"property":"p","condition":"contains","value":{"name":"audit","value":"1"}}`, `{"p":[{"name":"x"},{"name":"audit","value":"1","how":"now"}]}`, Pass},
		{`{"property":"p","condition":"contains","value":{"name":"audit","value":"1"}}`, `{"p":[{"name":"audit","value":"0"},{"name":"x","value":"1"}]}`, Fail},
		{`{"property":"p","condition":"contains","value":"a"}`, `{"p":"a"}`, Pass},
		{`{"property":"p","condition":"containsAll","value":["a","b"]}`, `{"p":["b","c","a"]}`, Pass},
		{`{"property":"p","condition":"containsAll","value":["a","b"]}`, `{"p":["b","c"]}`, Fail},
		{`{"property":"p","condition":"notContains","value":"0.0.0.0/0"}`, `{"p":["10.0.0.0/8","0.0.0.0/0"]}`, Fail},
		{`{"property":"p","condition":"notContains","value":"0.0.0.0/0"}`, `{"p":["10.0.0.0/8"]}`, Pass},
		{`{"property":"p","condition":"matches","value":":acm:"}`, `{"p":"arn:aws:acm:x"}`, Pass},
		{`{"property":"p","condition":"matches","value":":acm:"}`, `{"p":"arn:aws:iam:x"}`, Fail},
		{`{"property":"p","condition":"notMatches","value":"\"[^\"]*password"}`, `{"p":{"DB_PASSWORD":"x"}}`, Pass},
		{`{"property":"p","condition":"notMatches","value":"(?i:\"[^\"]*password)"}`, `{"p":{"DB_PASSWORD":"x"}}`, Fail},
		{`{"property":"p","condition":"notMatches","value":"AKIA[A-Z]{4}"}`, `{"p":"eCBBS0lBQUFBQSB4"}`, Fail},
		{`{"property":"p","condition":"notMatches","value":"(^$|alias/aws/)"}`, `{"p":""}`, Fail},
		{`{"property":"p","condition":"explicit"}`, `{"p":128}`, Pass},
		{`{"property":"p","condition":"explicit"}`, `{"p":128,"__defaults":["q","p"]}`, Fail},
		{`{"property":"p","condition":"explicit"}`, `{}`, Fail},
		{`{"property":"p","condition":"equalsProperty","value":"q"}`, `{"p":443,"q":443}`, Pass},
		{`{"property":"p","condition":"equalsProperty","value":"q"}`, `{"p":443,"q":444}`, Fail},
		{`{"property":"p","condition":"equalsProperty","value":"q"}`, `{"p":443}`, Fail},
		{`{"property":"p","condition":"equalsProperty","value":"q"}`, `{"p":443,"q":"UNKNOWN"}`, Unknown},
		{`{"property":"p","condition":"secretOrAbsent"}`, `{}`, Pass},
		{`{"property":"p","condition":"secretOrAbsent"}`, `{"p":"SECRET"}`, Pass},
		{`{"property":"p","condition":"secretOrAbsent"}`, `{"p":"[secret]"}`, Pass},
		{`{"property":"p","condition":"secretOrAbsent"}`, `{"p":"in the clear"}`, Fail},
		{`{"property":"p[*].q","condition":"true","missing":"pass"}`, `{"p":[]}`, Pass},
		{`{"property":"p","condition":"custom"}`, `{}`, Review},
	} {
		if got := only(t, rule(t, test.rule), thing(t, test.inputs)); got != test.want {
			t.Errorf("%s on %s: %v, want %v", test.rule, test.inputs, got, test.want)
		}
	}
}

func TestPassByAWSDefaultIsTold(t *testing.T) {
	for inputs, unset := range map[string]bool{`{}`: true, `{"p":443}`: false} {
		findings, err := Judge(rule(t, `{"property":"p","condition":"notEquals","value":22,"missing":"pass"}`), []Resource{thing(t, inputs)})
		if err != nil || findings[0].Outcome != Pass || findings[0].Unset != unset {
			t.Errorf("%s: %+v, %v", inputs, findings, err)
		}
	}
}

func TestPathsReachIntoObjectsListsAndAlternatives(t *testing.T) {
	for _, test := range []struct {
		property, inputs string
		want             Outcome // of: equals "x"
	}{
		{"a.b.c", `{"a":{"b":{"c":"x"}}}`, Pass},
		{"a.b.c", `{"a":{"b":{"d":"x"}}}`, Fail},
		{"a.b.c", `{"a":"x"}`, Fail},
		{"a.b", `{"a":"UNKNOWN"}`, Unknown},
		{"a[*].b", `{"a":[{"b":"x"},{"b":"x"}]}`, Pass},
		{"a[*].b", `{"a":[{"b":"x"},{"b":"y"}]}`, Fail},
		{"a[*].b", `{"a":[{"b":"x"},{}]}`, Fail},
		{"a[*].b", `{"a":[{"b":"UNKNOWN"},{"b":"y"}]}`, Fail},
		{"a[*].b", `{"a":[{"b":"x"},{"b":"UNKNOWN"}]}`, Unknown},
		{"a[*].b", `{"a":[]}`, Fail},
		{"a[*].b", `{"a":{"b":"x"}}`, Pass},
		{"a[*]", `{"a":["x","y"]}`, Fail},
		{"a|b", `{"b":"x"}`, Pass},
		{"a|b", `{"a":"y","b":"x"}`, Fail},
		{"a|b", `{"a":null,"b":"x"}`, Pass},
		{"a|b", `{"c":"x"}`, Fail},
	} {
		if got := only(t, rule(t, `{"condition":"equals","value":"x","property":"`+test.property+`"}`), thing(t, test.inputs)); got != test.want {
			t.Errorf("%s in %s: %v, want %v", test.property, test.inputs, got, test.want)
		}
	}
}
