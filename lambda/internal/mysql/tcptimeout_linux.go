package mysql

import (
	"errors"
	"syscall"
)

// optionTCPUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, the same on every architecture that Lambda has.
const optionTCPUserTimeout = 0x12

// setTCPUserTimeout has the kernel close a connection whose peer acknowledges nothing.
func setTCPUserTimeout(_, _ string, socket syscall.RawConn) error {
	var problem error
	err := socket.Control(func(fd uintptr) {
		problem = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, optionTCPUserTimeout, int(tcpUserTimeout.Milliseconds()))
	})
	return errors.Join(err, problem)
}
