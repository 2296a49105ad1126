//go:build !linux

package mysqlserver

import "syscall"

func dieWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}
