package main

import (
	"os/exec"
	"strings"
	"testing"
)

func TestTheBinaryHoldsOneServiceOfTheSDKAndNoServerForTests(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "github.com/aws/aws-sdk-go-v2/service/secretsmanager\n") {
		t.Fatalf("not a list of packages: %s", out)
	}
	for name := range strings.Lines(string(out)) {
		for _, heavy := range []string{"aws-sdk-go-v2/config", "dolthub", "goose", "pulumi", "testing", "lambdaruntime", "net/rpc"} {
			if strings.Contains(name, heavy) {
				t.Errorf("the binary holds %s", name)
			}
		}
		if strings.Contains(name, "aws-sdk-go-v2/service/") && !strings.Contains(name, "/secretsmanager") {
			t.Errorf("the binary holds %s", name)
		}
	}
}
