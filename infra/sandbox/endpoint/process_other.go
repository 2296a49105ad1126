//go:build !linux

package endpoint

import "syscall"

// ownGroup starts the child in a process group of its own.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
