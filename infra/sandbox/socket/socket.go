// Package socket has HTTP servers at Unix sockets, which others on the machine, and web pages in a browser, cannot reach:
// any user may connect to a port of the loopback interface.
package socket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// longest is how many bytes a socket's path has at most: 107 on Linux and 103 on macOS, see unix(7) and unix(4).
const longest = 103

// Check refuses a path at which no socket can be, or that others may reach: the folder must be this user's alone.
func Check(path string) error {
	if len(path) > longest {
		return fmt.Errorf("a socket's path has at most %d bytes, and %s has %d: set TMPDIR to a shorter folder",
			longest, path, len(path))
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err == nil && folder.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("%s has mode %o: must be a folder that is its user's alone, such as 700",
			filepath.Dir(path), folder.Mode().Perm())
	}
	return err
}

// Listen listens at a path. What an earlier server left there is taken away.
func Listen(path string) (net.Listener, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return net.Listen("unix", path)
}

// Transport leads every request to the server at a path, whatever host its URL names.
func Transport(path string) *http.Transport {
	return &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}
}
