package model

import (
	"os/exec"
	"testing"
)

// used are botocore's names of the services that a stack, the sandbox or a test calls.
var used = []string{"ec2", "rds", "iam", "sqs", "sns", "kms", "lambda", "scheduler", "secretsmanager", "cloudwatch", "logs", "sts", "elb", "elbv2",
	"autoscaling", "ssm"}

func TestEveryPatternOfAUsedServiceIsHeldOrExcepted(t *testing.T) {
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH: pip install 'moto[server]==5.2.1'")
	}
	models, err := Installed(t.Context(), "moto_server")
	if err != nil {
		t.Fatal(err)
	}
	excepted := map[string]bool{}
	for _, name := range used {
		service, err := models.Service(name, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, shape := range service.Shapes {
			if shape.Pattern == "" {
				continue
			}
			if shape.excepted() {
				excepted[name+"."+shape.Name] = true
			} else if _, err := compile(shape.Pattern); err != nil {
				t.Errorf("%s.%s: %v", name, shape.Name, err)
			}
		}
	}
	for name := range exceptions {
		if !excepted[name] {
			t.Errorf("%s is excepted and has no pattern", name)
		}
	}
}

func TestPatternsOfOtherEnginesMeanTheSame(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{`[\u0009\u000A\u000D\u0020-\u00FF]+`, "tab\tand ÿ", true},
		{`[\u0009\u000A\u000D\u0020-\u00FF]+`, "em dash —", false},
		{`[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*`, "emoji 😀\n", true},
		{`[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*`, "bell \a", false},
		{`[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`, "😀", true},
		{`^.{1,100000}$`, "x", true},
		{`^.{1,100000}$`, "", false},
		{`((?!^\d+$)^[0-9a-zA-Z-_]+$)`, "v1", true},
		{`((?!^\d+$)^[0-9a-zA-Z-_]+$)`, "1", false},
		{`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`, "a-b", true},
		{`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`, "a--b", false},
	} {
		if got := (&Shape{Pattern: c.pattern}).matches(c.text); got != c.want {
			t.Errorf("%s of %q: %t", c.pattern, c.text, got)
		}
	}
}
