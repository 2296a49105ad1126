package audit

import "testing"

func TestWhenDecidesWhetherARuleApplies(t *testing.T) {
	for _, test := range []struct {
		when, inputs string
		want         Outcome // of: p is true
	}{
		{`[{"property":"q","condition":"equals","value":"in"}]`, `{"p":true,"q":"in"}`, Pass},
		{`[{"property":"q","condition":"equals","value":"in"}]`, `{"p":false,"q":"in"}`, Fail},
		{`[{"property":"q","condition":"equals","value":"in"}]`, `{"p":false,"q":"out"}`, Inapplicable},
		{`[{"property":"q","condition":"equals","value":"in"}]`, `{"p":false}`, Inapplicable},
		{`[{"property":"q","condition":"notIn","value":["lambda"]}]`, `{"p":false}`, Fail},
		{`[{"property":"q","condition":"notIn","value":["lambda"]}]`, `{"p":false,"q":"lambda"}`, Inapplicable},
		{`[{"property":"q","condition":"notEmpty"}]`, `{"p":false}`, Inapplicable},
		{`[{"property":"q","condition":"equals","value":"in"}]`, `{"p":false,"q":"UNKNOWN"}`, Unknown},
		{`[{"property":"q","condition":"absent"}]`, `{"p":false}`, Fail},
		{`[{"property":"q","condition":"absent"}]`, `{"p":false,"q":"x"}`, Inapplicable},
		{`[{"property":"q","condition":"absent"},{"property":"r","condition":"equals","value":"in"}]`, `{"p":false}`, Inapplicable},
	} {
		if got := only(t, rule(t, `{"property":"p","condition":"true","when":`+test.when+`}`), thing(t, test.inputs)); got != test.want {
			t.Errorf("when %s on %s: %v, want %v", test.when, test.inputs, got, test.want)
		}
	}
}

func TestRuleWithoutResourceFindsNothingButItsAbsence(t *testing.T) {
	findings, err := Judge(rule(t, `{"property":"p","condition":"true"}`), []Resource{{Type: "another"}})
	if err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
	none := rule(t, `{"property":"","condition":"absent"}`)
	if got := only(t, none, Resource{Type: "another"}); got != Pass {
		t.Errorf("no such resource: %v", got)
	}
	if got := only(t, none, thing(t, `{}`)); got != Fail {
		t.Errorf("there is one: %v", got)
	}
}

func TestDefaultTagsCountOnceTheProviderTellsThem(t *testing.T) {
	tags := rule(t, `{"property":"tags","condition":"notEmpty"}`)
	for _, test := range []struct {
		name, inputs, outputs string
		want                  Outcome
	}{
		{"own", `{"tags":{"a":"b"}}`, `{}`, Pass},
		{"default", `{}`, `{"tagsAll":{"a":"b"}}`, Pass},
		{"none", `{}`, `{"tagsAll":{}}`, Fail},
		{"of a type without default tags", `{}`, `{}`, Fail},
	} {
		it := thing(t, test.inputs)
		it.Outputs = thing(t, test.outputs).Inputs
		if got := only(t, tags, it); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	it := thing(t, `{}`)
	if it.Outputs = nil; only(t, tags, it) != Pass { // notEmpty takes what is not known
		t.Error("not made yet: failed")
	}
}
