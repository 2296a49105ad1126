package main

import (
	"errors"
	"fmt"
	"os/exec"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// killedAnywhere runs the compiled command and kills it at its first call to AWS, before the call is done, and after;
// then at its second, and so on until it is not killed any more. Each time a second run has to finish the work.
func killedAnywhere(t *testing.T, s *stack) {
	command, err := lambdaruntime.Build(".", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for step, through := 0, false; !through; step++ {
		if step > 200 {
			t.Fatal("the command does not come to an end")
		}
		name := fmt.Sprintf("k-%d", step)
		s := s.newStack(t)
		ids := []string{name + "-new", name + "-twice", name + "-sent", name + "-written"}
		s.undelivered(ids[0], "order")
		s.undelivered(ids[1], "order")
		s.undelivered(ids[1], "order")
		s.writeRow(sentRecord(ids[2]))
		s.undelivered(ids[2], "order")
		s.unwritten(sentRecord(ids[3]))
		want := []int{1, 1, 0, 0} // the last two were sent before

		action, killed := s.killAt(command, step/2+1, step%2 == 1)
		through = !killed
		if killed {
			kills++
		}
		s.fire()
		s.lapse()
		s.run("resend")
		s.fire()
		for i, id := range ids {
			if s.sent(id) != want[i] || s.status(id) != "SENT" {
				t.Errorf("killed at call %d, %s, done %v: %s was sent %d times, want %d, and is %q",
					step/2+1, action, step%2 == 1, id, s.sent(id), want[i], s.status(id))
			}
		}
		if u, w := s.left(s.outputs.UndeliveredQueueURL), s.left(s.outputs.UnwrittenQueueURL); u+w != 0 {
			t.Errorf("killed at call %d, %s, done %v: %d and %d dead-letter messages are left", step/2+1, action, step%2 == 1, u, w)
		}
	}
	if kills < 20 {
		t.Errorf("the command was killed %d times only", kills)
	}
	t.Logf("killed %d times", kills)
}

// killAt runs the command and kills it when it makes its n-th call, before or after that is done.
func (s *stack) killAt(command string, n int, afterwards bool) (action string, killed bool) {
	s.t.Helper()
	process := exec.Command(command, "-outputs", s.environment(), "resend")
	output := new(lambdaruntime.Output)
	process.Stdout, process.Stderr = output, output
	s.mu.Lock()
	first := len(s.calls)
	var hit atomic.Pointer[string]
	s.kill = func(call int, name string, done bool) bool {
		if call != first+n || done != afterwards {
			return false
		}
		hit.Store(&name)
		process.Process.Kill()
		return true
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.kill = nil
		s.mu.Unlock()
	}()
	err := process.Run()
	if at := hit.Load(); at != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
			s.t.Fatalf("not killed at call %d: %v", n, err)
		}
		return *at, true
	}
	if err != nil {
		s.t.Fatalf("%v\n%s", err, output)
	}
	return "", false
}
