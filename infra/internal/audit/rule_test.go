package audit

import "testing"

func TestCatalogueIsWholeAndEveryValueCanBeEvaluated(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range rules {
		count[r.Applies]++
		if len(r.IDs) == 0 || r.Severity == "" || r.Why == "" || r.Type == "" {
			t.Errorf("%s lacks an id, a severity, a type or a why", r.Name)
		}
		// On a resource that sets nothing and on one that sets all: a pattern or a value that is wrong shows.
		for _, inputs := range []string{`{}`, `{"policy":"{\"Statement\":[]}","assumeRolePolicy":"{\"Statement\":[]}","name":"x","id":"x"}`} {
			it := thing(t, inputs)
			it.Type = r.Type
			if _, err := Judge(r, []Resource{it}); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
	if count[Required] < 141 || count[Optional] < 33 || count[Excluded] < 19 {
		t.Errorf("rules went missing: %v", count)
	}
}

func TestRuleThatWouldBePassedOverIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"unknown condition":         `[{"name":"R","type":"thing","property":"p","condition":"equal","applies":"yes"}]`,
		"unknown condition in when": `[{"name":"R","type":"thing","property":"p","condition":"true","applies":"yes","when":[{"property":"q","condition":"related"}]}]`,
		"unknown field":             `[{"name":"R","type":"thing","property":"p","condition":"true","applies":"yes","unless":"x"}]`,
		"unknown applies":           `[{"name":"R","type":"thing","property":"p","condition":"true","applies":"true"}]`,
		"unknown missing":           `[{"name":"R","type":"thing","property":"p","condition":"true","applies":"yes","missing":"ok"}]`,
		"no property":               `[{"name":"R","type":"thing","property":"","condition":"true","applies":"yes"}]`,
		"twice":                     `[{"name":"R","type":"thing","property":"p","condition":"true","applies":"yes"},{"name":"R","type":"thing","property":"p","condition":"true","applies":"yes"}]`,
	} {
		if _, err := parse([]byte(file)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestStatesAreReadWithoutProvidersAndComponents(t *testing.T) {
	all := UnmarshalState([]State{
		{URN: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", Type: "pulumi:pulumi:Stack"},
		{URN: "urn:pulumi:dev::p::pulumi:providers:aws::default", Type: "pulumi:providers:aws", Custom: true},
		{URN: "urn:pulumi:dev::p::p:infra:Network::network", Type: "p:infra:Network"},
		{URN: "urn:pulumi:dev::p::p:infra:Network$aws:ec2/vpc:Vpc::vpc", Type: "aws:ec2/vpc:Vpc", ID: "vpc-1", Custom: true,
			Inputs:               map[string]any{"a": "b"},
			PropertyDependencies: map[string][]string{"a": {"urn:pulumi:dev::p::x$aws:kms/key:Key::key"}}},
	})
	if len(all) != 1 || all[0].Name != "vpc" || all[0].ID != "vpc-1" || all[0].Inputs["a"].StringValue() != "b" ||
		len(all[0].References["a"]) != 1 || all[0].References["a"][0] != "aws:kms/key:Key::key" {
		t.Errorf("%+v", all)
	}
}
