//go:build !linux

package lambdaruntime

import "syscall"

func dieWithParent() *syscall.SysProcAttr { return nil }
