package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stand puts programs in the place of the Pulumi CLI, with a stack that was making a subnet and a key, and of the AWS CLI. What
// the AWS CLI was asked and what Pulumi was given to import lie in the folder.
func stand(t *testing.T, region string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	get := "echo \"error: configuration key 'aws:region' not found for stack 'dev'\" >&2; exit 255"
	if region != "" {
		get = "echo " + region
	}
	for name, text := range map[string]string{
		"pulumi": `case "$1 $2 $3" in
"stack export ") cat "$D/state" ;;
"config get aws:region") ` + get + ` ;;
"stack import ") cat >"$D/imported" ;;
*) exit 1 ;;
esac`,
		"aws": `echo "$@" >>"$D/asked"; echo subnet-2`,
	} {
		script := "#!/bin/sh\nD=" + folder + "\n" + text + "\n"
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, folder, `{"version":3,"deployment":{"pending_operations":[
		{"type":"creating","resource":{"urn":"urn:pulumi:dev::p::aws:ec2/subnet:Subnet::private","type":"aws:ec2/subnet:Subnet",
			"inputs":{"vpcId":"vpc-1","cidrBlock":"10.0.0.0/24"}}},
		{"type":"creating","resource":{"urn":"urn:pulumi:dev::p::aws:kms/key:Key::key","type":"aws:kms/key:Key","inputs":{}}}]}}`)
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"} {
		t.Setenv(variable, "")
	}
	return folder
}

func write(t *testing.T, folder, state string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "state"), []byte(state), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestWhatIsFoundIsImportedAndWhatCannotBeFoundIsListed(t *testing.T) {
	folder := stand(t, "eu-west-1")
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"private: subnet-2\n", "key: cannot be found again, `pulumi up` makes another one: it stays at AWS, at a dollar a month: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("not printed: %s\n%s", want, out.String())
		}
	}
	if asked := read(t, folder, "asked"); !strings.HasSuffix(asked, " --output text --region eu-west-1\n") {
		t.Errorf("asked: %s", asked)
	}
	if imported := read(t, folder, "imported"); !strings.Contains(imported, `"id":"subnet-2"`) || strings.Contains(imported, "::key") {
		t.Errorf("imported: %s", imported)
	}
}

func TestTheRegionComesFromTheEnvironmentWhereItIsNotConfigured(t *testing.T) {
	for _, environment := range []map[string]string{{"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"}, {"AWS_DEFAULT_REGION": "eu-west-2"}} {
		folder := stand(t, "")
		for variable, value := range environment {
			t.Setenv(variable, value)
		}
		if err := run(t.Context(), nil, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		if asked := read(t, folder, "asked"); !strings.HasSuffix(asked, " --region eu-west-2\n") {
			t.Errorf("%v: asked %s", environment, asked)
		}
	}
}

func TestWithoutARegionNothingIsAskedNorImported(t *testing.T) {
	folder := stand(t, "")
	err := run(t.Context(), nil, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "no region: set AWS_REGION, or aws:region in the stack's configuration") {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"asked", "imported"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s: %s", name, read(t, folder, name))
		}
	}
	// With the ids given, it asks nobody.
	if err := run(t.Context(), []string{"private=subnet-7", "key="}, &bytes.Buffer{}); err != nil {
		t.Errorf("with both ids given: %v", err)
	}
}

func TestAnEmptyStateHasNothingToRepair(t *testing.T) {
	folder := stand(t, "eu-west-1")
	write(t, folder, `{}`)
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil || !strings.HasPrefix(out.String(), "Nothing was being made") {
		t.Errorf("%v: %s", err, out.String())
	}
}
