package endpoint

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func motoIsReachedByNobodyElse(t *testing.T, e *Endpoint) {
	t.Helper()
	folder := filepath.Dir(e.moto.Socket)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of moto's socket: %v %v", info, err)
	}
	if runtime.GOOS != "linux" {
		return
	}
	if os.Getuid() == 0 {
		look := exec.Command("/bin/sh", "-c", `test -e "$1" || test -e "$2"`, "sh", e.moto.Socket, "/nowhere")
		look.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if err := look.Run(); err == nil {
			t.Error("another user reaches moto's socket")
		}
	}
	if ports := listening(t, e.moto.Process.Pid); len(ports) > 0 {
		t.Errorf("moto listens on ports: %q", ports)
	}
}

// listening are a process's TCP sockets that listen: lines of /proc/net/tcp with state 0A. See proc_net(5).
func listening(t *testing.T, pid int) (lines []string) {
	t.Helper()
	open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(open) == 0 {
		t.Fatalf("no files of %d: %v", pid, err)
	}
	inodes := map[string]bool{}
	for _, file := range open {
		link, _ := os.Readlink(file) // which may be closed by now
		inodes[strings.TrimSuffix(strings.TrimPrefix(link, "socket:["), "]")] = true
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, _ := os.ReadFile(table) // there may be no IPv6
		for line := range strings.SplitSeq(string(text), "\n") {
			if fields := strings.Fields(line); len(fields) > 9 && fields[3] == "0A" && inodes[fields[9]] {
				lines = append(lines, line)
			}
		}
	}
	return lines
}
