package endpoint

import "syscall"

// ownGroup starts the child in a process group of its own, and has it killed when this process dies without a chance
// to end it.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
