package main

import (
	"os/exec"
	"strings"
	"testing"
)

func TestTheBinaryHoldsNoAWSSDKAndNoServerForTests(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "github.com/go-sql-driver/mysql\n") {
		t.Fatalf("not a list of packages: %s", out)
	}
	for name := range strings.Lines(string(out)) {
		for _, heavy := range []string{"aws-sdk-go", "dolthub", "pulumi", "testing", "lambdaruntime", "net/rpc"} {
			if strings.Contains(name, heavy) {
				t.Errorf("the binary holds %s", name)
			}
		}
	}
}
