package channel

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
)

// net/http reads the environment's proxy once in a process's life, so that this takes a process of its own.
func TestWebhookIgnoresAProxyOfTheEnvironment(t *testing.T) {
	const inChild = "WEBHOOK_TEST_CHILD"
	if os.Getenv(inChild) != "" {
		r := newReceiver(t, true, status(http.StatusOK))
		if err := r.send(t.Context(), "/"); err != nil {
			t.Error(err)
		}
		return
	}
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	var connections atomic.Int32
	go func() {
		for {
			conn, err := proxy.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			conn.Close()
		}
	}()
	child := exec.Command(os.Args[0], "-test.run=^TestWebhookIgnoresAProxyOfTheEnvironment$")
	child.Env = append(os.Environ(), inChild+"=1")
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"} {
		child.Env = append(child.Env, name+"=http://"+proxy.Addr().String())
	}
	if output, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("the proxy was dialled %d times", n)
	}
}
