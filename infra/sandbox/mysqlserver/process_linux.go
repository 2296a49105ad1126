package mysqlserver

import "syscall"

// dieWithParent has the server killed when the process that started it dies without running its clean-up.
func dieWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGKILL}
}
