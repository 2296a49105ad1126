package endpoint

import (
	"fmt"
	"net/http"
	"net/url"

	"scheduled-messages/infra/sandbox/socket"
)

// upstream is a server that the front passes requests on to.
type upstream struct {
	url       *url.URL
	transport *http.Transport
}

// upstreamAt is the one at a URL: http://host:port, or unix:///path of a socket.
func upstreamAt(address string) (upstream, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return upstream{}, err
	case u.Scheme == "unix" && u.Path != "":
		return atSocket(u.Path), nil
	case u.Scheme == "http" && u.Host != "":
		return upstream{u, &http.Transport{DisableCompression: true}}, nil
	}
	return upstream{}, fmt.Errorf("%s is no http URL, and none of a socket, such as unix:///folder/socket", address)
}

// atSocket is the one at a socket's path. Objects in S3 stay as they are: nothing is compressed on the way.
func atSocket(path string) upstream {
	return upstream{&url.URL{Scheme: "http", Host: "socket"}, socket.Transport(path)}
}
