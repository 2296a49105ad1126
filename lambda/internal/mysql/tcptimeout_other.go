//go:build !linux

package mysql

import "syscall"

// setTCPUserTimeout does nothing here: functions run on Linux, and this is for developers' machines.
func setTCPUserTimeout(_, _ string, _ syscall.RawConn) error { return nil }
