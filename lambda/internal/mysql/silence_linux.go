package mysql

import (
	"errors"
	"syscall"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of linux/tcp.h, the same on every architecture that Lambda has.
const tcpUserTimeout = 0x12

// giveUpOnSilence has the kernel break off a connection whose peer acknowledges nothing.
func giveUpOnSilence(_, _ string, socket syscall.RawConn) error {
	var problem error
	err := socket.Control(func(fd uintptr) {
		problem = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silence.Milliseconds()))
	})
	return errors.Join(err, problem)
}
