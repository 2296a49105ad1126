package main

import "syscall"

// ownGroup starts a child in a process group of its own, which Ctrl-C reaches through us alone, and has it killed when
// this process dies without a chance to end it.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
