package external_test

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// checksAtLeast is how many health checks it takes: MySQL blocks a host after 100 errors by default.
const checksAtLeast = 500

// TestHealthChecksGetNoHostBlocked has HAProxy check a server 500 times and more, from one address as the template
// says, and from another by a check that waits for the server's greeting and leaves, as many do. MySQL counts the
// second as errors of that host, and with its own default blocks it; with the stack's parameter it does not.
func TestHealthChecksGetNoHostBlocked(t *testing.T) {
	findHAProxy(t)
	for _, test := range []struct {
		name, limit string
		blocked     bool
	}{{"the server's default", "100", true}, {"the stack's parameter", parameter("max_connect_errors"), false}} {
		t.Run(test.name, func(t *testing.T) {
			// Errors are counted by host, in a cache that is off without names, and that 127.0.0.1 never enters.
			server := mysqltest.StartMariaDB(t, mysqltest.Arguments("--skip-name-resolve=OFF", "--max-connect-errors="+test.limit))
			const templates, greeting = "127.0.0.6", "127.0.0.7"
			e := enter(t, startResolver(t, "127.0.0.1"), server.Port,
				func(s *external.Settings) { s.Check = 5 * time.Millisecond },
				func(text string) string {
					if strings.Count(text, " check inter ") != 1 {
						t.Fatalf("no check in:\n%s", text)
					}
					return strings.Replace(text, " check inter ", " source "+templates+" check inter ", 1) + fmt.Sprintf(`
backend greeting
  option tcp-check
  tcp-check connect
  tcp-check expect rbinary ^.{8}0A
  server database 127.0.0.1:%d source %s check inter 5ms
`, server.Port, greeting)
				})
			e.turns(200)
			// The two check at one pace; the server sees only those of the second kind.
			e.until("the checks", func() bool {
				n, err := strconv.Atoi(server.Variable(t, "Aborted_connects"))
				return err == nil && n >= checksAtLeast
			})
			if got := e.answerer(server); got != 1 {
				t.Errorf("the template's checks got HAProxy's address blocked")
			}
			if blocked := blocks(t, server, greeting); blocked != test.blocked {
				t.Errorf("after %d checks that read the greeting, with max_connect_errors=%s, the host is blocked: %v", checksAtLeast, test.limit, blocked)
			}
		})
	}
}

// parameter is the value that the stack gives to a parameter of the cluster.
func parameter(name string) string {
	for _, p := range database.Parameters {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// blocks reports whether the server blocks a host.
func blocks(t *testing.T, server *mysqltest.Server, host string) bool {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
	conn, err := dialer.DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server.Port)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	head := make([]byte, 7) // length and number of the packet, then its kind, and an error's number
	if _, err := io.ReadFull(conn, head); err != nil {
		t.Fatal(err)
	}
	const hostIsBlocked = 1129
	return head[4] == 0xff && int(head[5])|int(head[6])<<8 == hostIsBlocked
}
