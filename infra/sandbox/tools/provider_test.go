package tools

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallProvider has the AWS provider's layout, with two services and their clients.
var smallProvider = map[string]string{
	"go.mod":                         "module github.com/hashicorp/terraform-provider-aws\n",
	"website/docs/index.md":          "",
	"internal/service/sqs/queue.go":  "package sqs\n\nfunc read() { meta.SQSClient(ctx) }\n",
	"internal/service/eks/node.go":   "package eks\n\nfunc read() { meta.EKSClient(ctx) }\n",
	"internal/service/sqs/a_test.go": "package sqs\n",
	"internal/backoff/backoff.go":    "package backoff\n\nfunc after() {\n\treturn time.After(d)\n}\n",
	"internal/provider/sdkv2/service_packages_gen.go": "import (\n" +
		"\t\"github.com/hashicorp/terraform-provider-aws/internal/service/eks\"\n" +
		"\t\"github.com/hashicorp/terraform-provider-aws/internal/service/sqs\"\n)\n" +
		"\t\teks.ServicePackage(ctx),\n\t\tsqs.ServicePackage(ctx),\n",
	"internal/conns/awsclient_gen.go": "import (\n" +
		"\t\"github.com/aws/aws-sdk-go-v2/service/eks\"\n\tqueues \"github.com/aws/aws-sdk-go-v2/service/sqs\"\n)\n" +
		"func (c *AWSClient) EKSClient(ctx context.Context) *eks.Client {\n\treturn a\n}\n" +
		"func (c *AWSClient) SQSClient(ctx context.Context) *queues.Client {\n\treturn b\n}\n",
}

func TestAProviderIsOpenedAndKeepsItsServicesOnly(t *testing.T) {
	original, folder := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	files(t, original, smallProvider)
	if err := open(original, folder, provider{shim: "package shim\n", keep: []string{"sqs"}}); err != nil {
		t.Fatal(err)
	}
	for _, there := range []string{"go.mod", "shim/shim.go", "internal/service/sqs/queue.go", "internal/backoff/pace.go"} {
		if _, err := os.Stat(filepath.Join(folder, there)); err != nil {
			t.Error(err)
		}
	}
	for _, gone := range []string{"website", "internal/service/eks", "internal/service/sqs/a_test.go"} {
		if _, err := os.Stat(filepath.Join(folder, gone)); err == nil {
			t.Errorf("%s is in the copy", gone)
		}
	}
	for _, list := range []string{"internal/provider/sdkv2/service_packages_gen.go", "internal/conns/awsclient_gen.go"} {
		code, err := os.ReadFile(filepath.Join(folder, list))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(string(code)), "eks") {
			t.Errorf("%s names a service that is not kept:\n%s", list, code)
		}
		if kept := strings.Count(strings.ToLower(string(code)), "sqs"); kept < 2 {
			t.Errorf("%s lost a service that is kept:\n%s", list, code)
		}
	}
	if code, err := os.ReadFile(filepath.Join(folder, "internal/backoff/backoff.go")); err != nil || !strings.Contains(string(code), "time.After(d / pace)") {
		t.Errorf("the waits cannot be shortened: %s %v", code, err)
	}
}

func TestAProviderThatWaitsOtherwiseIsNotBuilt(t *testing.T) {
	folder := t.TempDir()
	files(t, folder, map[string]string{"internal/backoff/backoff.go": "package backoff\n"})
	if err := setPace(folder); err == nil {
		t.Error("nobody would see that the variable shortens nothing")
	}
}
