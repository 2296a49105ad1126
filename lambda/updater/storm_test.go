package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/faults"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
)

const (
	environments   = 1000
	maxConnections = 151 // of a stock MySQL
	poolSize       = 15
)

// TestAStormOfEnvironmentsNeedsTheProxy lets environments connect all at once, to a server of 151 connections.
//
// haproxy stands in for RDS Proxy. It forwards connections and not statements, so an environment has to end after its
// event for the next to get through; RDS Proxy lends a connection for a statement. In the storm without it they stay,
// as Lambda keeps them.
func TestAStormOfEnvironmentsNeedsTheProxy(t *testing.T) {
	if mysqlserver.HAProxy() == "" {
		t.Skip("needs haproxy: install the package haproxy")
	}
	binary := lambdatest.Build(t, ".")
	t.Run("with it all rows are written and nobody is turned away", func(t *testing.T) {
		mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) { stormThroughPool(t, lambdatest.Prepare(t, s), binary) },
			mysqltest.MaxConnections(maxConnections))
	})
	t.Run("without it the server answers Too many connections", func(t *testing.T) {
		mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) { stormPastPool(t, lambdatest.Prepare(t, s), binary) },
			mysqltest.MaxConnections(maxConnections))
	})
}

func stormThroughPool(t *testing.T, s *mysqltest.Server, binary string) {
	e := startAll(t, s, binary, s.StartHAProxy(t, poolSize))
	e.release(t, true)
	e.report(t, s)
	if tooMany := e.count("Error 1040"); tooMany > 0 {
		t.Errorf("%d environments were turned away", tooMany)
	}
	if refused := refusals(t, s) - e.refused; refused != 0 {
		t.Errorf("the server answered \"Too many connections\" %d times", refused)
	}
	if written := len(lambdatest.Rows(t, lambdatest.OpenApp(t, s))); written != environments {
		t.Errorf("%d rows were written", written)
	}
}

func stormPastPool(t *testing.T, s *mysqltest.Server, binary string) {
	e := startAll(t, s, binary, s.Port)
	e.release(t, false)
	e.report(t, s)
	if tooMany := e.count("Error 1040"); tooMany < environments/2 {
		t.Errorf("%d environments were turned away, want at least half of %d", tooMany, environments)
	}
}

// storm is environments that have come through their init and wait for an event each.
type storm struct {
	processes []*lambdaruntime.Process
	refused   int // by the server before the storm: it serves other tests too, and MySQL keeps this count
	took      time.Duration
	errors    []string
}

// refusals is how often the server has answered "Too many connections" since it started.
func refusals(t *testing.T, s *mysqltest.Server) int {
	t.Helper()
	return number(t, s.Variable(t, "Connection_errors_max_connections"))
}

// startAll starts the environments, a few at a time, and waits until all are ready.
func startAll(t *testing.T, s *mysqltest.Server, binary string, port int) *storm {
	t.Helper()
	c := lambdatest.StartCloud(t)
	environ := faults.Environment(s, port).With("GOMAXPROCS", "2") // what a function of 128 MB to 1.7 GB sees
	e := &storm{processes: make([]*lambdaruntime.Process, environments), refused: refusals(t, s)}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for i := range e.processes {
		e.processes[i] = c.Run(t, binary, environ, &lambdatest.Output{})
		if i%4 != 0 {
			continue
		}
		if err := e.processes[i].Ready(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range e.processes {
		if err := p.Ready(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// release hands every environment its event at the same moment, and waits for their answers. Those that end do so
// when their event is done with, for which they get it three times, as Lambda does it.
func (e *storm) release(t *testing.T, end bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	start := make(chan struct{})
	var mu sync.Mutex
	var group sync.WaitGroup
	for i, p := range e.processes {
		event := []byte(lambdatest.SentRecord(fmt.Sprintf("storm-%d", i)))
		group.Go(func() {
			<-start
			for range 3 {
				answer, err := p.Invoke(ctx, event, 5*time.Minute)
				if err == nil && answer.Error == nil {
					break
				}
				mu.Lock()
				e.errors = append(e.errors, fmt.Sprint(err, answer.Error))
				mu.Unlock()
				if !end {
					break
				}
			}
			if end {
				p.Stop()
			}
		})
	}
	began := time.Now()
	close(start)
	group.Wait()
	e.took = time.Since(began)
	for _, p := range e.processes {
		p.Stop()
	}
}

func (e *storm) count(text string) int {
	n := 0
	for _, problem := range e.errors {
		if strings.Contains(problem, text) {
			n++
		}
	}
	return n
}

// report prints what the storm did to the server.
func (e *storm) report(t *testing.T, s *mysqltest.Server) {
	t.Helper()
	t.Logf("%d environments at once: %d rows written, %d attempts ended with an error, %d of them to "+
		"\"Too many connections\", in %.1f s; of %d connections %s "+
		"were in use at most, %d attempts were refused", environments,
		len(lambdatest.Rows(t, lambdatest.OpenAdmin(t, s))), len(e.errors), e.count("Error 1040"), e.took.Seconds(), maxConnections,
		s.Variable(t, "Max_used_connections"), refusals(t, s)-e.refused)
}
