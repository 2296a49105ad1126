// Package processtest fails the tests of a package that leave a process running. Every package whose tests start any has its
// Main as TestMain.
package processtest

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"scheduled-messages/infra/sandbox/process"
)

// patience is what a server gets after it was asked to end.
const patience = 5 * time.Second

// Main runs a package's tests and what cleans up after all of them, and ends the program: with a status other than 0 if a
// test failed, or if a process is left that a test started, whoever started that one. Such processes are named and ended.
func Main(m *testing.M, cleanUp ...func()) { os.Exit(Checked{m, cleanUp}.Run()) }

// Checked are a package's tests with the check after them, for another package's Main.
type Checked struct {
	Tests   interface{ Run() int }
	CleanUp []func()
}

// Run runs the tests and gives the status that the program should end with.
func (c Checked) Run() int {
	me := strconv.Itoa(os.Getpid())
	if err := os.Setenv(process.TestsVariable, me); err != nil {
		fmt.Println(err)
		return 1
	}
	code := c.Tests.Run()
	for _, clean := range c.CleanUp {
		clean()
	}
	left := leftovers(me)
	if len(left) == 0 {
		return code
	}
	fmt.Printf("the tests left processes running: %q\n", left)
	if err := process.KillOwned(process.TestsVariable, me); err != nil {
		fmt.Println(err)
	}
	return max(code, 1)
}

// Mark is a script's setup: what the script starts is found, too.
func Mark(script *testscript.Env) error {
	script.Vars = append(script.Vars, process.Marks()...)
	return nil
}

// leftovers are the command lines of the processes that do not end.
func leftovers(me string) (lines []string) {
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		pids, err := process.Owned(process.TestsVariable, me)
		if err != nil {
			return []string{err.Error()}
		}
		if len(pids) == 0 {
			return nil
		}
		if time.Now().Before(end) {
			continue
		}
		for _, pid := range pids {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // it may have ended at last
			lines = append(lines, string(bytes.ReplaceAll(line, []byte{0}, []byte(" "))))
		}
		return lines
	}
}
