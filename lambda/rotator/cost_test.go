package main

import (
	"slices"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// BenchmarkRotation measures the window in which the current password opens no new connection, when the compiled
// rotator takes one step after the other: from the invocation of setSecret to the label's move, which is a little more
// than the window is.
func BenchmarkRotation(b *testing.B) {
	for arn, user := range users {
		b.Run(user, func(b *testing.B) {
			c, f := start(b), deploy(b)
			var from time.Time
			var windows []time.Duration
			c.vault.Watch = func(operation string, done bool) {
				if operation == "UpdateSecretVersionStage" && done {
					windows = append(windows, time.Since(from))
				}
			}
			p := f.start(b, c, nil)
			take := f.step(p)
			steps := 0
			for b.Loop() {
				err := c.vault.Rotate(arn, c.token(), func(event []byte) error {
					if steps++; steps%len(order) == 2 {
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
