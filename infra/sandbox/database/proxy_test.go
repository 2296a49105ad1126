package database

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"time"
)

func TestAProxyLeadsToItsTarget(t *testing.T) {
	r := newRig(t)
	cluster := r.create("orders", "one")
	if err := r.CreateProxy("guest"); err != nil {
		t.Fatal(err)
	}
	host := r.ProxyHost("guest")
	if host == "" || host == cluster || r.Host("guest") != "" || r.ProxyHost("orders") != "" {
		t.Fatalf("it is at %q", host)
	}
	if err := r.run(host, "one", "SELECT 1"); err == nil {
		t.Error("it leads somewhere without a target")
	}
	if err := r.SetTarget("guest", "nobody"); err == nil {
		t.Error("it has a target that is not there")
	}
	if err := r.SetTarget("guest", "orders"); err != nil {
		t.Fatal(err)
	}
	if err := r.run(host, "one", "CREATE TABLE messages (id INT)"); err != nil { // by a certificate that names the proxy
		t.Error(err)
	}
	if err := r.run(cluster, "one", "SELECT * FROM messages"); err != nil {
		t.Errorf("the table is elsewhere: %v", err)
	}
	if err := errors.Join(r.SetTarget("guest", ""), r.SetTarget("guest", "orders")); err != nil {
		t.Error(err)
	}
	connection, err := net.Dial("tcp", at(host))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := connection.Read(make([]byte, 1)); err != nil { // the server's greeting
		t.Error(err)
	}
	if err := r.DeleteProxy("guest"); err != nil || r.ProxyHost("guest") != "" || !slices.Contains(r.hosts, host) {
		t.Errorf("after its end: at %q, %v", r.ProxyHost("guest"), err)
	}
	if err := connection.SetReadDeadline(time.Now().Add(startLimit)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, connection); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a connection goes on after its end")
	}
}
