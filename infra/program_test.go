package infra_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/internal/module"
)

// timed is a program and what its rounds took.
type timed struct {
	folder, binary string
	build, run     []time.Duration
}

// measure does what Pulumi's language host does before a preview, which is to build, and runs the program.
func (p *timed) measure(b *testing.B, h *infratest.Host, environment []string) {
	b.Helper()
	start := time.Now()
	build := exec.Command("go", "build", "-o", p.binary, ".")
	build.Dir = p.folder
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	built := time.Now()
	run := exec.Command(p.binary)
	run.Dir, run.Env = p.folder, environment
	var printed bytes.Buffer
	run.Stdout, run.Stderr = &printed, &printed
	if err := run.Run(); err != nil {
		b.Fatalf("%v\n%s", err, printed.Bytes())
	}
	p.build, p.run = append(p.build, built.Sub(start)), append(p.run, time.Since(built))
}

// BenchmarkProgram is the program's own time in a preview of the dev stack on a warm cache, which is all but the
// engine's and the providers': what Go takes to see that nothing is to be built, and the program from its start to its
// end, compared with those of a Pulumi program without a resource. Run it with -benchtime=10x for ten rounds of each.
func BenchmarkProgram(b *testing.B) {
	h := infratest.Listen(b)
	config, err := json.Marshal(infratest.Settings(b, nil))
	if err != nil {
		b.Fatal(err)
	}
	root, err := filepath.Abs(module.Root())
	if err != nil {
		b.Fatal(err)
	}
	environment := append(os.Environ(), "PULUMI_MONITOR="+h.Address, "PULUMI_ENGINE="+h.Address, "PULUMI_PROJECT="+infratest.Project,
		"PULUMI_STACK=dev", "PULUMI_ROOT_DIRECTORY="+root, "PULUMI_DRY_RUN=true", "PULUMI_PARALLEL=16", "PULUMI_CONFIG="+string(config))
	bare := &timed{folder: filepath.Join(root, "infra/testdata/bare"), binary: filepath.Join(b.TempDir(), "bare")}
	ours := &timed{folder: root, binary: filepath.Join(b.TempDir(), "ours")}
	for _, p := range []*timed{bare, ours} {
		p.measure(b, h, environment) // fills the caches
		p.build, p.run = nil, nil
	}
	resources := 0
	for b.Loop() {
		bare.measure(b, h, environment)
		h.Stub.Resources = nil
		ours.measure(b, h, environment)
		resources = len(h.Stub.Resources)
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(float64(resources), "resources")
	for name, p := range map[string]*timed{"bare-": bare, "": ours} {
		slices.Sort(p.build)
		slices.Sort(p.run)
		b.ReportMetric(p.build[len(p.build)/2].Seconds(), name+"build-s")
		b.ReportMetric(p.run[len(p.run)/2].Seconds(), name+"run-s")
		info, err := os.Stat(p.binary)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/1e6, name+"MB")
	}
}

// BenchmarkPreview is `pulumi preview` of the entire dev stack on a warm cache, engine, provider and all, compared with that of
// the program without a resource. It needs what the tests of entire stacks need.
func BenchmarkPreview(b *testing.B) {
	aws := lifetest.LocalAWS(b)
	ours := lifetest.NewEngine(b, b.TempDir(), "dev", "AWS_ENDPOINT_URL="+aws)
	bare := lifetest.NewEngine(b, b.TempDir(), "dev", "AWS_ENDPOINT_URL="+aws)
	bare.Folder = b.TempDir()
	for name, source := range map[string]string{"go.mod": module.Path("go.mod"), "go.sum": module.Path("go.sum"), "main.go": module.Path("infra/testdata/bare/main.go")} {
		content, err := os.ReadFile(source)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(bare.Folder, name), content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	description := "name: " + infratest.Project + "\nruntime: {name: go, options: {buildTarget: .build/program}}\n"
	if err := os.WriteFile(filepath.Join(bare.Folder, "Pulumi.yaml"), []byte(description), 0o644); err != nil {
		b.Fatal(err)
	}
	took := map[*lifetest.Engine][]time.Duration{}
	for _, e := range []*lifetest.Engine{bare, ours} {
		e.Pulumi("preview") // fills the caches
	}
	for b.Loop() {
		for _, e := range []*lifetest.Engine{bare, ours} {
			start := time.Now()
			e.Pulumi("preview")
			took[e] = append(took[e], time.Since(start))
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	for name, e := range map[string]*lifetest.Engine{"bare-s": bare, "preview-s": ours} {
		slices.Sort(took[e])
		b.ReportMetric(took[e][len(took[e])/2].Seconds(), name)
	}
}
