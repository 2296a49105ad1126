package project

import (
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

func TestProgressCountsResourcesThatAreDoneAndKeepsTheWholeText(t *testing.T) {
	var out, log strings.Builder
	p := newProgress("up", &out, &log)
	const output = "Updating (sandbox):\n +  aws:ec2/vpc:Vpc network-vpc creating (0s)\n +  aws:ec2/vpc:Vpc network-vpc created (2s)\n" +
		"@ updating....\n +  scheduled-messages:infra:Network network created\n -  aws:sqs/queue:Queue old deleted (1s)\nResources:\n    + 3 created\n"
	for _, part := range strings.SplitAfter(output, "e") { // as it comes through a pipe
		if _, err := p.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	p.end()
	if log.String() != output {
		t.Errorf("the log holds %q", log.String())
	}
	if got := out.String(); got != "         up: 3 resources after 0 s, done\n" {
		t.Errorf("it prints %q", got)
	}
}

func TestAnErrorHoldsPulumisDiagnostics(t *testing.T) {
	output := strings.Repeat("a resource\n", 200) + "Diagnostics:\n  aws:sqs:Queue (q):\n    error: no\n"
	if got := diagnosis([]byte(output)); got != "Diagnostics:\n  aws:sqs:Queue (q):\n    error: no" {
		t.Errorf("got %q", got)
	}
	if got := diagnosis([]byte("error: no Pulumi.yaml\n")); got != "error: no Pulumi.yaml" {
		t.Errorf("got %q", got)
	}
}
