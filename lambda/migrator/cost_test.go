package main

import (
	"slices"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// BenchmarkCompiledMigrator measures what an invocation of the compiled migrator costs when there is nothing to do.
func BenchmarkCompiledMigrator(b *testing.B) {
	s, d := mysqltest.Start(b), deploy(b)
	fresh(b, s)
	if _, err := d.run(b, s); err != nil {
		b.Fatal(err)
	}
	size, err := lambdaruntime.ZipSize(d.binary)
	if err != nil {
		b.Fatal(err)
	}
	var inits []time.Duration
	for b.Loop() {
		p := d.start(b, s)
		init, err := p.Init(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := invoke(p, time.Minute); err != nil {
			b.Fatal(err)
		}
		p.Stop()
		inits = append(inits, init)
	}
	slices.Sort(inits)
	b.ReportMetric(float64(inits[len(inits)/2].Microseconds())/1000, "ms-init-p50")
	b.ReportMetric(float64(size)/1e6, "MB-zip")
}
