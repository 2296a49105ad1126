package tools

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// onPath is a plugin that was built, as Pulumi finds it.
func onPath(t *testing.T, built []string, name string) string {
	t.Helper()
	for _, folder := range built {
		path := filepath.Join(folder, "pulumi-resource-"+name)
		if has, err := exists(path); has || err != nil {
			return path
		}
	}
	t.Fatalf("no %s plugin in %q", name, built)
	return ""
}

func TestWhatIsMissingIsBuiltOnceInTheSDKsVersions(t *testing.T) {
	k := checkout(t)
	bin, built, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatalf("%v\n%s", err, reported(k))
	}
	if got := prints(t, filepath.Join(bin, "pulumi-language-go")); got != "3.5.6" {
		t.Errorf("the language host is of version %q", got)
	}
	for name, version := range map[string]string{"aws": "6.1.2", "random": "4.3.4"} {
		if got := prints(t, onPath(t, built, name)); got != name+" "+version+" real" {
			t.Errorf("the plugin prints %q", got)
		}
	}
	// What is no release never lies where every project's `pulumi up` takes it for one.
	if there, err := os.ReadDir(k.plugins); len(there) > 0 {
		t.Errorf("among Pulumi's plugins: %v, %v", there, err)
	}
	for _, want := range []string{"building the Pulumi CLI", "building the random plugin", "building the aws plugin", ": done in "} {
		if got := k.progress.w.(*bytes.Buffer).String(); !strings.Contains(got, want) {
			t.Errorf("not reported: %s\n%s", want, got)
		}
	}
	reported(k)
	again, builtAgain, err := k.pulumi(t.Context())
	if err != nil || again != bin || !slices.Equal(builtAgain, built) || reported(k) != "" {
		t.Errorf("the second time: %s %q %v, reported %q", again, builtAgain, err, reported(k))
	}
	if left, _ := filepath.Glob(filepath.Join(k.cache, "sources*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

func TestAChangeBuildsWhatItTouchesAnew(t *testing.T) {
	k := checkout(t)
	if _, _, err := k.pulumi(t.Context()); err != nil {
		t.Fatal(err)
	}
	reported(k)
	main := filepath.Join(k.root, "infra/sandbox/toolchain/providers/aws/main.go")
	code, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(main, bytes.Replace(code, []byte(`"aws "`), []byte(`"new "`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	_, built, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := prints(t, onPath(t, built, "aws")); got != "new 6.1.2 real" {
		t.Errorf("the plugin prints %q", got)
	}
	if got := reported(k); strings.Contains(got, "random") || strings.Contains(got, "CLI") || strings.Contains(got, "download") {
		t.Errorf("built or looked for too much: %s", got)
	}
	files(t, filepath.Join(k.root, "infra/sandbox/toolchain/cli"), map[string]string{"pulumi-language-go/more.go": "package main\n"})
	if _, _, err := k.pulumi(t.Context()); err != nil || !strings.Contains(reported(k), "building the Pulumi CLI") {
		t.Errorf("a change of the CLI's sources builds nothing: %v", err)
	}
}

func TestWhatIsThereIsTakenAsItIs(t *testing.T) {
	k := checkout(t)
	files(t, k.plugins, map[string]string{
		"resource-aws-v6.1.2/pulumi-resource-aws":       "released",
		"resource-random-v4.3.4/pulumi-resource-random": "released",
	})
	installed := t.TempDir()
	files(t, installed, map[string]string{"pulumi": "", "pulumi-language-go": ""})
	t.Setenv("PATH", installed)
	bin, built, err := k.pulumi(t.Context())
	if err != nil || bin != installed || built != nil || reported(k) != "" {
		t.Errorf("%s %q %v, reported %q", bin, built, err, reported(k))
	}
}

func TestAPluginThatCanBeDownloadedIsNotBuilt(t *testing.T) {
	k := checkout(t)
	t.Setenv("DOWNLOADS", "1")
	if _, built, err := k.pulumi(t.Context()); err != nil || built != nil {
		t.Fatal(built, err)
	}
	content, err := os.ReadFile(filepath.Join(k.plugins, "resource-aws-v6.1.2/pulumi-resource-aws"))
	if err != nil || string(content) != "released" {
		t.Errorf("%q %v", content, err)
	}
	if got := reported(k); strings.Contains(got, "building the aws") {
		t.Errorf("reported %s", got)
	}
}

func TestADownloadThatWasCutOffDoesNotCount(t *testing.T) {
	k := checkout(t)
	t.Setenv("DOWNLOADS", "1")
	files(t, k.plugins, map[string]string{"resource-aws-v6.1.2/pulumi-resource-aws": "half", "resource-aws-v6.1.2.partial": ""})
	if _, _, err := k.pulumi(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(k.plugins, "resource-aws-v6.1.2/pulumi-resource-aws"))
	if err != nil || string(content) != "released" {
		t.Errorf("%q %v", content, err)
	}
}

func TestWhatAKilledRunLeftDoesNotCount(t *testing.T) {
	k := checkout(t)
	files(t, k.cache, map[string]string{"unfinished-1/pulumi": "half", "sources/providers/go.mod": "half"})
	files(t, k.plugins, map[string]string{"unfinished-2/pulumi-resource-aws": "half"})
	bin, _, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := prints(t, filepath.Join(bin, "pulumi-language-go")); got != "3.5.6" {
		t.Errorf("the language host prints %q", got)
	}
	for _, folder := range []string{k.cache, k.plugins} {
		if left, _ := filepath.Glob(filepath.Join(folder, "unfinished-*")); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
	}
}

func TestABuildThatFailsLeavesWhatWasThere(t *testing.T) {
	k := checkout(t)
	bin, built, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files(t, k.root, map[string]string{"infra/sandbox/toolchain/providers/aws/main.go": "package main // and no main\n"})
	if _, _, err = k.pulumi(t.Context()); err == nil || !strings.Contains(err.Error(), "function main is undeclared") {
		t.Errorf("the error is %v", err)
	}
	if got := prints(t, onPath(t, built, "aws")); got != "aws 6.1.2 real" {
		t.Errorf("the plugin prints %q", got)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Error(err)
	}
}
