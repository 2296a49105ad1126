package lambdatest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// Cost is what the environments of one function took.
type Cost struct {
	Init, First, Warm []time.Duration
	Peak              float64 // MB of memory
}

// Measure starts an environment, hands it the events one after the other, and adds what that took. Each answer is
// checked.
func (c *Cost) Measure(b *testing.B, api *lambdaruntime.API, binary string, environ, events []string, timeout time.Duration,
	check func(lambdaruntime.Answer) error) {
	b.Helper()
	out, err := os.CreateTemp(b.TempDir(), "log") // a reader of a pipe would compete for the cores
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	process, err := api.Start(binary, environ, out)
	if err != nil {
		b.Fatal(err)
	}
	defer process.Stop()
	init, err := process.Init(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	c.Init = append(c.Init, init)
	for i, event := range events {
		answer, err := process.Invoke(b.Context(), []byte(event), timeout)
		if err == nil {
			err = check(answer)
		}
		if err != nil {
			b.Fatal(err)
		}
		if i == 0 {
			c.First = append(c.First, answer.Took)
		} else {
			c.Warm = append(c.Warm, answer.Took)
		}
	}
	c.Peak = max(c.Peak, peak(b, process.PID()))
}

// String gives the medians and the worst of a hundred.
func (c *Cost) String() string {
	return fmt.Sprintf("init p50 %s  first p50 %s p99 %s  warm p50 %s p99 %s  peak %.1f MB", Percentile(c.Init, 50),
		Percentile(c.First, 50), Percentile(c.First, 99), Percentile(c.Warm, 50), Percentile(c.Warm, 99), c.Peak)
}

// peak is the most memory that a process has had, in MB, or 0 where the system does not report it.
func peak(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kb float64
	if _, rest, found := strings.Cut(string(status), "VmHWM:"); found {
		if _, err := fmt.Sscan(rest, &kb); err != nil {
			b.Fatal(err)
		}
	}
	return kb * 1024 / 1e6
}

// Sizes are those of a binary and of its zip, in MB.
func Sizes(b *testing.B, binary string) (plain, zipped float64) {
	b.Helper()
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	zip, err := lambdaruntime.ZipSize(binary)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / 1e6, float64(zip) / 1e6
}

// Percentile is one of the durations, whatever their order.
func Percentile(of []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)*percent/100]
}

// Ratio is that of two medians.
func Ratio(of, to []time.Duration) float64 {
	return float64(Percentile(of, 50)) / float64(Percentile(to, 50))
}

// Authorities is a file with one authority more than the first of the bundles that is here, of which Amazon Linux has as
// many: reading them is part of a first handshake. The value is for SSL_CERT_FILE.
func Authorities(b *testing.B, one string, bundles []string) string {
	b.Helper()
	text, err := os.ReadFile(one)
	if err != nil {
		b.Fatal(err)
	}
	for _, bundle := range bundles {
		if more, err := os.ReadFile(bundle); err == nil {
			text = append(text, more...)
			break
		}
	}
	path := filepath.Join(b.TempDir(), "authorities.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}
