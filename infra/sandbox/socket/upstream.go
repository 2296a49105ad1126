package socket

import (
	"fmt"
	"net/http"
	"net/url"
)

// Upstream is a server that requests are passed on to.
type Upstream struct {
	URL       *url.URL
	Transport *http.Transport
}

// UpstreamAt is the one at a URL: http://host:port, or unix:///path of a socket.
func UpstreamAt(address string) (Upstream, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return Upstream{}, err
	case u.Scheme == "unix" && u.Path != "":
		return At(u.Path), nil
	case u.Scheme == "http" && u.Host != "":
		return Upstream{u, &http.Transport{DisableCompression: true}}, nil
	}
	return Upstream{}, fmt.Errorf("%s is no http URL, and none of a socket, such as unix:///folder/socket", address)
}

// At is the one at a socket's path. Objects in S3 stay as they are: nothing is compressed on the way.
func At(path string) Upstream {
	return Upstream{&url.URL{Scheme: "http", Host: "socket"}, Transport(path)}
}
