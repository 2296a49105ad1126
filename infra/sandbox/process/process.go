// Package process finds and ends the processes that a sandbox or a test has started.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// SandboxVariable stands in the environment of every process that a sandbox starts, with the sandbox's folder, so that its
// own and no others can be found and ended, whoever started them and whatever became of their parents.
const SandboxVariable = "SCHEDULED_MESSAGES_SANDBOX"

// TestsVariable stands in the environment of every process that a package's tests start, with the number of the tests' own.
const TestsVariable = "SCHEDULED_MESSAGES_TESTS"

// Marks are the variables by which this process's own processes are found, for a child whose environment is made anew.
func Marks() (variables []string) {
	for _, name := range []string{SandboxVariable, TestsVariable} {
		if value := os.Getenv(name); value != "" {
			variables = append(variables, name+"="+value)
		}
	}
	return variables
}

// Owned are the processes whose environment has a variable with a value, but for this one. Outside Linux there is no way to
// find them, and so there are none.
func Owned(variable, value string) (pids []int, err error) {
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil, err
	}
	mark := []byte(variable + "=" + value)
	for _, file := range files {
		environ, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile, or is another user's
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		for entry := range bytes.SplitSeq(environ, []byte{0}) {
			if bytes.Equal(entry, mark) {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids, nil
}

// StartedAt is when a process started, in the kernel's own count. It is an error if the process has ended.
func StartedAt(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The name, in parentheses, may hold anything; the time is the 20th field after it (proc_pid_stat(5)).
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return "", errors.New("it has ended")
	}
	return fields[19], nil
}

// KillOwned ends the processes that Owned finds, and returns when they are gone.
func KillOwned(variable, value string) error {
	for range 100 {
		pids, err := Owned(variable, value)
		if err != nil || len(pids) == 0 {
			return err
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("processes with %s=%s do not end", variable, value)
}
