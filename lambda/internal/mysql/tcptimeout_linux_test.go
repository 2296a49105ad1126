package mysql

import (
	"net"
	"syscall"
	"testing"

	"scheduled-messages/lambda/contract"
)

func TestTheKernelClosesAConnectionWhosePeerAcknowledgesNothingForFiveSeconds(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	config := Config(contract.DatabaseSecret{}, Server{}, nil)
	conn, err := config.DialFunc(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	socket, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var got int
	var problem error
	if err := socket.Control(func(fd uintptr) {
		got, problem = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, optionTCPUserTimeout)
	}); err != nil || problem != nil || got != 5000 {
		t.Errorf("got %d ms, %v, %v", got, err, problem)
	}
}
