package infratest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/internal/infratest"
)

// pair registers two resources, of which the second takes an output of the first, and a component.
func pair(t *testing.T, m *infratest.Mock) error {
	t.Helper()
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		var component struct{ pulumi.ResourceState }
		if err := ctx.RegisterComponentResource("a:b:Component", "whole", &component); err != nil {
			return err
		}
		var first, second struct {
			pulumi.CustomResourceState
			ARN pulumi.StringOutput `pulumi:"arn"`
		}
		if err := ctx.RegisterResource("aws:sqs/queue:Queue", "first", pulumi.Map{"size": pulumi.Int(3)}, &first); err != nil {
			return err
		}
		return ctx.RegisterResource("aws:sns/topic:Topic", "second", pulumi.Map{"queue": first.ARN}, &second)
	}, pulumi.WithMocks("project", "dev", m), func(info *pulumi.RunInfo) { info.DryRun = m.Preview })
}

func TestMockRecordsWhatIsRegisteredWithItsInputsAndWhatItWaitsFor(t *testing.T) {
	m := &infratest.Mock{Stack: "dev"}
	if err := pair(t, m); err != nil {
		t.Fatal(err)
	}
	if names := m.Names(); !slices.Equal(names, []string{"first", "second"}) {
		t.Errorf("custom resources: %v", names)
	}
	if len(m.Resources) != 3 {
		t.Errorf("%d resources, with the component", len(m.Resources))
	}
	second := m.One(t, "second")
	if got := second.Text("queue"); got != "arn:aws:service:us-east-1:111122223333:first" {
		t.Errorf("the output of first: %q", got)
	}
	if !second.Takes("queue", m.One(t, "first")) || !m.WaitsFor(second)["first"] || len(m.WaitsFor(m.One(t, "first"))) > 0 {
		t.Error("what waits for what is not recorded")
	}
	if size := m.One(t, "first").Number("size"); size != "3" {
		t.Errorf("size: %s", size)
	}
}

func TestMockKnowsNoOutputInAPreview(t *testing.T) {
	m := &infratest.Mock{Stack: "dev", Preview: true}
	if err := pair(t, m); err != nil {
		t.Fatal(err)
	}
	if value, ok := m.One(t, "second").Value("queue"); ok && value.IsString() {
		t.Errorf("the output of first is known: %v", value)
	}
}

func TestMockRefusesWhatATestNames(t *testing.T) {
	m := &infratest.Mock{Stack: "dev", Fail: "second"}
	if err := pair(t, m); err == nil || !strings.Contains(err.Error(), "refused by the test") {
		t.Errorf("got %v", err)
	}
}
