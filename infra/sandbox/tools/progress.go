package tools

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress reports what is being done and for how long: on a terminal in one line that counts, elsewhere in a line now
// and then.
type progress struct {
	w        io.Writer
	terminal bool
	every    time.Duration
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, every: 30 * time.Second}
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.terminal, p.every = true, time.Second
		}
	}
	return p
}

// say prints one line.
func (p *progress) say(format string, args ...any) { fmt.Fprintf(p.w, "tools: "+format+"\n", args...) }

// step runs do, and reports on it until it ends.
func (p *progress) step(what string, do func() error) error {
	start := time.Now()
	done := make(chan error, 1)
	go func() { done <- do() }()
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	p.show(what, "...")
	for {
		select {
		case err := <-done:
			elapsed := time.Since(start).Round(time.Second)
			if err != nil {
				p.end(what, fmt.Sprintf(": failed after %s", elapsed))
				return fmt.Errorf("%s: %w", what, err)
			}
			p.end(what, fmt.Sprintf(": done in %s", elapsed))
			return nil
		case <-ticker.C:
			p.show(what, fmt.Sprintf(": %s", time.Since(start).Round(time.Second)))
		}
	}
}

func (p *progress) show(what, state string) {
	if p.terminal {
		fmt.Fprintf(p.w, "\r\033[Ktools: %s%s", what, state)
		return
	}
	p.say("%s%s", what, state)
}

func (p *progress) end(what, state string) {
	p.show(what, state)
	if p.terminal {
		fmt.Fprintln(p.w)
	}
}
