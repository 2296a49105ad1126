package endpoint

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/process/processtest"
	"scheduled-messages/infra/sandbox/socket"
)

// childVariable makes the test binary serve an endpoint and nothing else.
const childVariable = "ENDPOINT_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		processtest.Main(m)
	}
	e, err := Start(context.Background(), Options{Listen: "127.0.0.1:0", Log: os.Stderr})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(e.URL(), e.moto.Socket)
	_ = e.Wait()
}

// answers reports whether anybody listens at a URL.
func answers(url string) bool { return answersBy(http.DefaultTransport, url) }

// answersAt reports whether anybody listens at a socket.
func answersAt(path string) bool { return answersBy(socket.Transport(path), "http://socket/") }

func answersBy(transport http.RoundTripper, url string) bool {
	response, err := (&http.Client{Transport: transport}).Get(url)
	if err == nil {
		response.Body.Close()
	}
	return err == nil
}

func TestTheEndpointEndsWithItsContextAndLeavesNothing(t *testing.T) {
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH: pip install 'moto[server]==5.2.1'")
	}
	ctx, cancel := context.WithCancel(t.Context())
	e, err := Start(ctx, Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if !answersAt(e.moto.Socket) {
		t.Fatal("no moto")
	}
	cancel()
	if err := e.Wait(); err != nil {
		t.Errorf("an end that was asked for is an error: %v", err)
	}
	if err := e.moto.Process.Signal(syscall.Signal(0)); err == nil {
		t.Error("moto is still there")
	}
	if answersAt(e.moto.Socket) || answers(e.URL()) {
		t.Error("it still answers")
	}
	if _, err := os.Stat(filepath.Dir(e.moto.Socket)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket's folder is still there: %v", err)
	}
}

func TestTheEndpointEndsWithMotoAndSaysSo(t *testing.T) {
	e := start(t, Options{})
	if err := e.moto.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := e.Wait(); err == nil || !strings.Contains(err.Error(), "moto_server: signal: killed") {
		t.Errorf("it ended with %v", err)
	}
}

// TestMotoEndsWithAKilledEndpoint: whoever is killed cleans up nothing.
func TestMotoEndsWithAKilledEndpoint(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // nothing there informs a child of its parent's end
	}
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH: pip install 'moto[server]==5.2.1'")
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	var url, moto string
	if _, scan := fmt.Sscan(line, &url, &moto); err != nil || scan != nil || !answersAt(moto) {
		t.Fatalf("%q: %v %v", line, err, scan)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	for range 300 {
		if !answersAt(moto) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("moto is still there")
}

// executable writes a file, in a folder that may have to be made.
func executable(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCannotStartSaysWhyAtOnce(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	bare, broken := filepath.Join(folder, "bare"), filepath.Join(folder, "broken")
	executable(t, bare, "#!/usr/bin/true python\n")
	executable(t, broken, "#!/bin/sh\nexit 3\n")
	executable(t, filepath.Join(folder, "python3"), "#!/bin/sh\necho "+folder+"\n")
	executable(t, filepath.Join(folder, "ec2", "2016-11-15", "service-2.json"), "{}")
	for want, o := range map[string]Options{
		"address already in use": {Listen: taken.Addr().String()},
		"no such file":           {Listen: "127.0.0.1:0", Moto: "/nowhere/moto_server"},
		"is no http URL":         {Listen: "127.0.0.1:0", Functions: "somewhere"},
		"exit status 3":          {Listen: "127.0.0.1:0", Moto: broken, Log: io.Discard},
		"it has no botocore":     {Listen: "127.0.0.1:0", Moto: bare},
	} {
		if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}
