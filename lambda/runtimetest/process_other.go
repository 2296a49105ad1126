//go:build !linux

package runtimetest

import "syscall"

func dieWithParent() *syscall.SysProcAttr { return nil }
