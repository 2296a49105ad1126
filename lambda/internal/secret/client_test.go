package secret_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/secret"
)

const (
	arn      = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf"
	password = "Pass-word_of:app~1"
)

// extension answers the n-th request, from 1 on, with the n-th handler, and all later ones with the last.
func extension(t *testing.T, answers ...http.HandlerFunc) (getenv func(string) string, asked *atomic.Int64) {
	t.Helper()
	asked = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		answers[min(int(n), len(answers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return environment(address.Port()), asked
}

func environment(port string) func(string) string {
	return func(name string) string {
		return map[string]string{"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": port, "AWS_SESSION_TOKEN": "the token"}[name]
	}
}

func value(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"ARN": arn, "SecretString": text})
	}
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, body, status) }
}

func hangUp(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func get(t *testing.T, getenv func(string) string, limit time.Duration) (contract.DatabaseSecret, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var got contract.DatabaseSecret
	err := secret.NewClient(getenv).Get(ctx, arn, &got)
	return got, err
}

const good = `{"username":"app","password":"` + password + `","port":3306}`

func TestTheRequestIsTheOneThatAWSDocuments(t *testing.T) {
	var got *http.Request
	getenv, _ := extension(t, func(w http.ResponseWriter, r *http.Request) { got = r; value(good)(w, r) })
	if _, err := get(t, getenv, time.Minute); err != nil {
		t.Fatal(err)
	}
	if got.Method != "GET" || got.URL.Path != "/secretsmanager/get" || got.URL.Query().Get("secretId") != arn ||
		got.Header.Get("X-Aws-Parameters-Secrets-Token") != "the token" {
		t.Errorf("got %s %s with %q", got.Method, got.URL, got.Header)
	}
}

func TestWithoutAPortInTheEnvironmentItIs2773(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:2773")
	if err != nil {
		t.Skipf("needs the port 2773: %v", err)
	}
	server := &http.Server{Handler: value(good)}
	go server.Serve(listener)
	defer server.Close()
	if got, err := get(t, environment(""), time.Minute); err != nil || got.Password != password {
		t.Errorf("got %v", err)
	}
}

func TestTransientAnswersAreRetried(t *testing.T) {
	for name, first := range map[string]http.HandlerFunc{
		"400": answer(400, "not ready to serve traffic, please wait"), "500": answer(500, "later"),
		"503": answer(503, ""), "429": answer(429, ""), "a connection that breaks": hangUp,
	} {
		getenv, asked := extension(t, first, first, value(good))
		got, err := get(t, getenv, time.Minute)
		if err != nil || got.Password != password || got.Username != "app" || asked.Load() != 3 {
			t.Errorf("%s: got %v after %d requests", name, err, asked.Load())
		}
	}
}

func TestAnExtensionThatDoesNotListenYetIsAskedAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	server := &http.Server{Handler: value(good)}
	defer server.Close()
	time.AfterFunc(300*time.Millisecond, func() {
		if again, err := net.Listen("tcp", address); err == nil {
			server.Serve(again)
		}
	})
	_, port, _ := net.SplitHostPort(address)
	if got, err := get(t, environment(port), time.Minute); err != nil || got.Password != password {
		t.Errorf("got %v", err)
	}
}

func TestOtherAnswersAreNotRetried(t *testing.T) {
	getenv, asked := extension(t, answer(401, ""))
	if _, err := get(t, getenv, time.Minute); err == nil || asked.Load() != 1 {
		t.Errorf("got %v after %d requests", err, asked.Load())
	}
}

func TestNoOtherHostGetsTheToken(t *testing.T) {
	other, asked := extension(t, value(`{}`))
	for _, status := range []int{301, 302, 303, 307, 308} {
		getenv, _ := extension(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://localhost:"+other("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"), status)
		})
		if _, err := get(t, getenv, time.Minute); err == nil || !strings.Contains(err.Error(), fmt.Sprint("answered ", status)) || asked.Load() != 0 {
			t.Errorf("%d: got %v, and the other was asked %d times", status, err, asked.Load())
		}
	}
}

func TestAnExtensionThatSpeaksAnotherProtocolIsNotWaitedFor(t *testing.T) {
	getenv, _ := extension(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		_, _ = conn.Read(make([]byte, 1))
		conn.Close()
	})
	begin := time.Now()
	if _, err := get(t, getenv, time.Minute); err == nil || !strings.Contains(err.Error(), "answered 101") || time.Since(begin) > 5*time.Second {
		t.Errorf("got %v after %s", err, time.Since(begin))
	}
}

func TestTheErrorComesBeforeTheCallersDeadline(t *testing.T) {
	getenv, asked := extension(t, hang)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	var got contract.DatabaseSecret
	err := secret.NewClient(getenv).Get(ctx, arn, &got)
	if err == nil || ctx.Err() != nil || asked.Load() == 0 {
		t.Errorf("got %v with %v, after %d requests", err, ctx.Err(), asked.Load())
	}
}
