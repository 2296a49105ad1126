package process

import "syscall"

// OwnGroup starts a child in a process group of its own, which Ctrl-C reaches through this process alone, and has it
// killed when this process dies without a chance to end it.
func OwnGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// Detached starts a child in a process group of its own, which outlives this process.
func Detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// DieWithParent runs a child as a user, nil for this process's own, and has it killed when this process dies without a
// chance to end it.
func DieWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGKILL}
}
