package tools

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/filetest"
)

// files writes files, by their paths below a folder.
func files(t *testing.T, folder string, contents map[string]string) {
	t.Helper()
	for path, content := range contents {
		path = filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// pulumiProgram is a CLI that knows plugin install: with DOWNLOADS set it installs something.
const pulumiProgram = `package main

import (
	"os"
	"path/filepath"
)

func main() {
	if os.Getenv("DOWNLOADS") == "" {
		os.Stderr.WriteString("no such host\n")
		os.Exit(1)
	}
	name, version := os.Args[4], os.Args[5]
	folder := filepath.Join(os.Getenv("PULUMI_HOME"), "plugins", "resource-"+name+"-v"+version)
	_ = os.MkdirAll(folder, 0o755)
	_ = os.WriteFile(filepath.Join(folder, "pulumi-resource-"+name), []byte("released"), 0o755)
}
`

// checkout is a small one with the real one's layout: programs of a few lines, and providers of a few files that a
// module proxy in a folder serves. Nothing is on PATH but Go.
func checkout(t *testing.T) *kit {
	t.Helper()
	const at = "infra/sandbox/toolchain/"
	plugin := func(name string) string {
		return "package main\n\nimport shim \"example.com/" + name + "/shim\"\n\nvar version string\n\nfunc main() { print(\"" + name + " \", version, \" \", shim.Name) }\n"
	}
	root := t.TempDir()
	files(t, root, map[string]string{
		"go.mod": "module scheduled-messages\n\ngo 1.26\n\nrequire (\n\tgithub.com/pulumi/pulumi-aws/sdk/v6 v6.1.2\n" +
			"\tgithub.com/pulumi/pulumi-random/sdk/v4 v4.3.4 // indirect\n)\n",
		"infra/sandbox/tools/provider.go": "", "infra/sandbox/tools/services.go": "", "infra/sandbox/tools/pace.go": "",
		at + "cli/go.mod": "module scheduled-messages/" + at + "cli\n\ngo 1.26\n\ntool scheduled-messages/" + at + "cli/internal/pulumi\n\n" +
			"require github.com/pulumi/pulumi/pkg/v3 v3.5.6 // indirect\n\nreplace github.com/pulumi/pulumi/pkg/v3 => ./pkg\n",
		at + "cli/pkg/go.mod":                 "module github.com/pulumi/pulumi/pkg/v3\n",
		at + "cli/internal/pulumi/main.go":    pulumiProgram,
		at + "cli/pulumi-language-go/main.go": "package main\n\nvar version string\n\nfunc main() { print(version) }\n",
		at + "providers/go.mod": "module scheduled-messages/" + at + "providers\n\ngo 1.26\n\n" +
			"require (\n\texample.com/aws v1.0.0\n\texample.com/random v1.0.0\n)\n",
		at + "providers/go.sum":         "",
		at + "providers/aws/main.go":    plugin("aws"),
		at + "providers/random/main.go": plugin("random"),
	})
	modules := t.TempDir()
	for _, name := range []string{"aws", "random"} {
		publish(t, modules, "example.com/"+name, map[string]string{
			"go.mod":                    "module example.com/" + name + "\n\ngo 1.26\n",
			"internal/name/name.go":     "package name\n\n// Name is told by the shim.\nconst Name = \"real\"\n",
			"internal/name/big_test.go": "package name // a test\n",
		})
	}
	t.Setenv("GOPROXY", "file://"+modules)
	t.Setenv("GONOSUMDB", "*")
	cache := t.TempDir()
	t.Setenv("GOMODCACHE", cache)
	t.Cleanup(func() { _ = exec.Command("go", "clean", "-modcache").Run() }) // it is read-only
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(goCommand)) // no Pulumi
	shim := func(name string) string {
		return "package shim\n\nimport \"example.com/" + name + "/internal/name\"\n\nconst Name = name.Name\n"
	}
	return &kit{root: root, cache: filepath.Join(t.TempDir(), "cache"), plugins: filepath.Join(t.TempDir(), "plugins"),
		providers: map[string]provider{
			"aws": {"example.com/aws", shim("aws"), nil}, "random": {"example.com/random", shim("random"), nil}},
		progress: newProgress(&bytes.Buffer{})}
}

// publish puts version 1.0.0 of a module into a proxy's folder.
func publish(t *testing.T, proxy, path string, contents map[string]string) {
	t.Helper()
	archived := map[string]string{}
	for name, content := range contents {
		archived[path+"@v1.0.0/"+name] = content
	}
	files(t, filepath.Join(proxy, path, "@v"), map[string]string{
		"v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": contents["go.mod"], "v1.0.0.zip": string(filetest.Zip(t, archived))})
}

// reported is what a kit has reported since it was asked last.
func reported(k *kit) string {
	out := k.progress.w.(*bytes.Buffer)
	defer out.Reset()
	return out.String()
}

// prints is what a program prints.
func prints(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command(path).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", path, err, out)
	}
	return strings.TrimSpace(string(out))
}
