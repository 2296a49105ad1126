package lambdaruntime

import "syscall"

// dieWithParent has a function killed when the process that started it dies without stopping it.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
