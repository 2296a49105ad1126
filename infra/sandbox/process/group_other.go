//go:build !linux

package process

import "syscall"

// OwnGroup starts a child in a process group of its own, which Ctrl-C reaches through this process alone.
func OwnGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// Detached starts a child in a process group of its own, which outlives this process.
func Detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// DieWithParent runs a child as a user, nil for this process's own. Nothing here ends it with its parent.
func DieWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}
