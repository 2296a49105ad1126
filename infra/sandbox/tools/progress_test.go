package tools

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

// counted closes enough when it got a number of lines.
type counted struct {
	bytes.Buffer
	lines  int
	enough chan struct{}
}

func (c *counted) Write(line []byte) (int, error) {
	if c.lines--; c.lines == 0 {
		close(c.enough)
	}
	return c.Buffer.Write(line)
}

func TestProgressTellsTheTimeWhileAStepRuns(t *testing.T) {
	out := &counted{lines: 3, enough: make(chan struct{})}
	p := &progress{w: out, every: time.Millisecond}
	err := p.step("building", func() error {
		<-out.enough
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if lines[0] != "tools: building..." {
		t.Errorf("%q", lines)
	}
	for _, line := range lines[1:] {
		if !regexp.MustCompile(`^tools: building: (done in )?\d+s$`).MatchString(line) {
			t.Errorf("%q", line)
		}
	}
}

func TestAStepThatFailsIsNamed(t *testing.T) {
	var out bytes.Buffer
	failure := errors.New("no such host")
	err := newProgress(&out).step("downloading", func() error { return failure })
	if !errors.Is(err, failure) || !strings.Contains(err.Error(), "downloading: ") || !strings.Contains(out.String(), "failed after") {
		t.Errorf("%v, reported %q", err, out.String())
	}
}
