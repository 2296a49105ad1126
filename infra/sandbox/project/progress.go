package project

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"
)

// How often progress is printed, also while nothing happens.
const (
	terminalPause = time.Second
	plainPause    = 10 * time.Second
)

// progress counts the resources in what Pulumi prints, which it writes to a log.
type progress struct {
	command  string
	out, log io.Writer
	terminal bool
	began    time.Time
	over     chan struct{}
	shown    sync.WaitGroup

	mu   sync.Mutex
	rest []byte // a line that is not complete yet
	done int
	last string
}

func newProgress(command string, out, log io.Writer) *progress {
	p := &progress{command: command, out: out, log: log, began: time.Now(), over: make(chan struct{}), last: "building the program"}
	pause := plainPause
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if p.terminal {
		pause = terminalPause
	}
	p.shown.Go(func() {
		for {
			select {
			case <-p.over:
				return
			case <-time.After(pause):
				p.show()
			}
		}
	})
	return p
}

// change is a line about a resource that is done, such as " +  aws:ec2/vpc:Vpc network-vpc created (2s)".
var change = regexp.MustCompile(`^\s*\S+\s+\S+:\S+ (\S+) (?:created|updated|deleted|replaced|read|refreshed)\b`)

// Write takes what Pulumi prints.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, text...)
	for {
		line, rest, complete := bytes.Cut(p.rest, []byte("\n"))
		if !complete {
			return p.log.Write(text)
		}
		p.rest = rest
		if found := change.FindSubmatch(line); found != nil {
			p.done++
			p.last = string(found[1])
		}
	}
}

// show prints one line in the place of the last, or plain lines where there is no terminal.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	lead, end := "", "\n"
	if p.terminal {
		lead, end = "\r\x1b[K", ""
	}
	took := time.Since(p.began).Seconds()
	fmt.Fprintf(p.out, "%s         %s: %d resources after %.0f s, %s%s", lead, p.command, p.done, took, p.last, end)
}

// end leaves the last number.
func (p *progress) end() {
	close(p.over)
	p.shown.Wait()
	p.last = "done"
	p.show()
	if p.terminal {
		fmt.Fprintln(p.out)
	}
}
