package infra

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// markVariable stands in the environment of every process that these tests start, with this process's number, so that
// what outlives them is found, whoever started it.
const markVariable = "SCHEDULED_MESSAGES_TESTS"

// leftovers are the processes, by number, whose environment has the variable with the value, but for this one. Outside
// Linux there is no way to tell, and so none.
func leftovers(variable, value string) map[int]string {
	found := map[int]string{}
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		environment, err := os.ReadFile(file)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil || pid == os.Getpid() {
			continue // it has ended meanwhile
		}
		for entry := range bytes.SplitSeq(environment, []byte{0}) {
			if string(entry) == variable+"="+value {
				name, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "comm"))
				found[pid] = string(bytes.TrimSpace(name))
			}
		}
	}
	return found
}

// end kills all leftovers and returns when they are gone.
func end(variable, value string) error {
	for range 100 {
		left := leftovers(variable, value)
		if len(left) == 0 {
			return nil
		}
		for pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone by now
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("still running: %v", leftovers(variable, value))
}

func TestMain(m *testing.M) {
	me := strconv.Itoa(os.Getpid())
	os.Setenv(markVariable, me)
	code := m.Run()
	if copied != "" {
		os.RemoveAll(copied)
	}
	for range 50 { // a server that was told to end needs a moment
		if len(leftovers(markVariable, me)) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if left := leftovers(markVariable, me); len(left) > 0 {
		fmt.Println("the tests left processes running:", left)
		_ = end(markVariable, me)
		code = max(code, 1)
	}
	os.Exit(code)
}
