package main

import (
	"slices"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/rotationtest"
)

// BenchmarkRotation measures the window in which the current password opens no new connection, when the compiled
// rotator takes one step after the other: from the invocation of setSecret to the label's move, which is a little more
// than the window is.
func BenchmarkRotation(b *testing.B) {
	for arn, user := range users {
		b.Run(user, func(b *testing.B) {
			c, f := rotationtest.Start(b), deploy(b)
			var from time.Time
			var windows []time.Duration
			c.Secrets.Watch = func(operation string, done bool) {
				if operation == "UpdateSecretVersionStage" && done {
					windows = append(windows, time.Since(from))
				}
			}
			p := f.start(b, c)
			take := f.step(p)
			steps := 0
			for b.Loop() {
				err := c.Secrets.Rotate(arn, c.Token(), func(event []byte) error {
					if steps++; steps%len(rotationtest.Steps) == 2 {
						from = time.Now()
					}
					return take(event)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			slices.Sort(windows)
			size, err := lambdaruntime.ZipSize(f.rotator)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(windows[len(windows)/2].Microseconds())/1000, "ms-window-p50")
			b.ReportMetric(float64(windows[len(windows)-1].Microseconds())/1000, "ms-window-max")
			b.ReportMetric(float64(size)/1e6, "MB-zip")
		})
	}
}
