package main

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

// markVariable stands in the environment of every process that a sandbox starts, with the sandbox's folder, so that
// its own and no others can be found and ended, whoever started them and whatever became of their parents.
const markVariable = "SCHEDULED_MESSAGES_SANDBOX"

// marked are the processes of a sandbox, but for this one.
func marked(folder string) (pids []int, err error) {
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil, err
	}
	mark := []byte(markVariable + "=" + folder)
	for _, file := range files {
		environ, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile, or is another user's
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		for variable := range bytes.SplitSeq(environ, []byte{0}) {
			if bytes.Equal(variable, mark) {
				pids = append(pids, pid)
			}
		}
	}
	return pids, nil
}

// beginning is when a process began, in the kernel's own count.
func beginning(pid int) (string, error) {
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

// sweep ends the processes of a sandbox, and returns when they are gone.
func sweep(folder string) error {
	for range 100 {
		pids, err := marked(folder)
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
	return errors.New("processes of the sandbox do not end")
}
