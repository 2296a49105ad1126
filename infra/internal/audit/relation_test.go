package audit

import "testing"

func TestRelated(t *testing.T) {
	refers := func(name, inputs string, to ...string) Resource {
		r := thing(t, inputs)
		r.Type, r.Name, r.References = "other", name, map[string][]string{"of": to}
		return r
	}
	for _, test := range []struct {
		name, value string
		others      []Resource
		want        Outcome
	}{
		{"by its URN", `{"pulumiType":"other","property":"of","key":"id","min":1}`,
			[]Resource{refers("a", `{"of":"UNKNOWN"}`, Reference("urn:pulumi:dev::p::parent$thing::it"))}, Pass},
		{"another's URN", `{"pulumiType":"other","property":"of","key":"id","min":1}`,
			[]Resource{refers("a", `{"of":"x"}`, Reference("urn:pulumi:dev::p::thing::its"))}, Fail},
		{"its URN in another input", `{"pulumiType":"other","property":"off","key":"id","min":1}`,
			[]Resource{refers("a", `{"off":"x"}`, "thing::it")}, Fail},
		{"a resource of another type", `{"pulumiType":"third","property":"of","key":"id","min":1}`,
			[]Resource{refers("a", `{}`, "thing::it")}, Fail},
		{"by its id", `{"pulumiType":"other","property":"of","key":"id","min":1}`, []Resource{refers("a", `{"of":"it-id"}`)}, Pass},
		{"by one of its names", `{"pulumiType":"other","property":"of","key":"arn|name","min":1}`,
			[]Resource{refers("a", `{"of":["x","its-name"]}`)}, Pass},
		{"by a template", `{"pulumiType":"other","property":"of","key":"name","template":"/logs/{name}","min":1}`,
			[]Resource{refers("a", `{"of":"/logs/its-name"}`)}, Pass},
		{"by the name without the template", `{"pulumiType":"other","property":"of","key":"name","template":"/logs/{name}","min":1}`,
			[]Resource{refers("a", `{"of":"its-name"}`)}, Fail},
		{"not known whose", `{"pulumiType":"other","property":"of","key":"id","min":1}`,
			[]Resource{refers("a", `{"of":"UNKNOWN"}`, "thing::its")}, Unknown},
		{"too few", `{"pulumiType":"other","property":"of","key":"id","min":2}`, []Resource{refers("a", `{}`, "thing::it")}, Fail},
		{"enough", `{"pulumiType":"other","property":"of","key":"id","min":2}`,
			[]Resource{refers("a", `{}`, "thing::it"), refers("b", `{}`, "thing::it")}, Pass},
		{"enough, but alike", `{"pulumiType":"other","property":"of","key":"id","min":2,"distinct":"zone"}`,
			[]Resource{refers("a", `{"zone":"1"}`, "thing::it"), refers("b", `{"zone":"1"}`, "thing::it")}, Fail},
		{"enough, and different", `{"pulumiType":"other","property":"of","key":"id","min":2,"distinct":"zone"}`,
			[]Resource{refers("a", `{"zone":"1"}`, "thing::it"), refers("b", `{"zone":"2"}`, "thing::it")}, Pass},
	} {
		it := thing(t, `{"name":"its-name"}`)
		if got := only(t, rule(t, `{"property":"id","condition":"related","value":`+test.value+`}`), append(test.others, it)...); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestExistsLooksForOneInTheWholeStack(t *testing.T) {
	errors := rule(t, `{"property":"metric","condition":"exists","value":"^Errors$"}`)
	for _, test := range []struct {
		name string
		all  []Resource
		want Outcome
	}{
		{"one of two", []Resource{thing(t, `{"metric":"Duration"}`), thing(t, `{"metric":"Errors"}`)}, Pass},
		{"none", []Resource{thing(t, `{"metric":"ErrorsTotal"}`)}, Fail},
		{"no resource at all", nil, Fail},
		{"not known", []Resource{thing(t, `{"metric":"UNKNOWN"}`)}, Unknown},
	} {
		if got := only(t, errors, test.all...); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
