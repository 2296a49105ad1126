package channel

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Each step of a request has a limit of its own. Together they stay below the time that the sender gives a delivery.
const (
	dialTimeout      = 5 * time.Second
	tlsTimeout       = 4 * time.Second
	writeTimeout     = 4 * time.Second  // of the entire request, at most a quarter of a megabyte
	answerTimeout    = 10 * time.Second // from the request written to the answer's headers
	drainTimeout     = time.Second
	maxDrained       = 64 << 10 // bytes of an answer's body
	maxAnswerHeaders = 64 << 10 // bytes
	idleConnTimeout  = 30 * time.Second
	idleConnections  = 8
	maxRedirects     = 3
)

// control is called by a net.Dialer for each address that it is about to dial, after every look-up.
type control func(network, address string, conn syscall.RawConn) error

// guard refuses addresses that are not on the internet: loopback, private, link-local, carrier-grade NAT, the
// metadata services, multicast, reserved ones, and IPv6 forms that carry an IPv4 address. It allows the given ports
// only. It decides on the address that is dialled, so a name cannot answer one thing when it is checked
// and another when it is used.
//
// (ssrf is a control function and nothing else, refuses all of IPv6 that is not global unicast and takes its lists
// from IANA's registries. safeurl, the other one we looked at, wraps the entire client, checks hosts before the first
// request only and lists the bad parts of IPv6 one by one.)
func guard(ports []uint16, allowLoopback bool) control {
	options := []ssrf.Option{
		ssrf.WithPorts(ports...),
		// Documentation (RFC 9637), registered after ssrf's list was made.
		ssrf.WithDeniedV6Prefixes(netip.PrefixFrom(netip.AddrFrom16([16]byte{0x3f, 0xff}), 20)),
	}
	if allowLoopback {
		options = append(options,
			ssrf.WithAllowedV4Prefixes(netip.PrefixFrom(netip.AddrFrom4([4]byte{127}), 8)),
			ssrf.WithAllowedV6Prefixes(netip.PrefixFrom(netip.IPv6Loopback(), 128)))
	}
	return ssrf.New(options...).Safe
}

// newTransport makes a transport without a proxy: one from the environment would dial for us, past the guard.
// It speaks HTTP/1.1, which is all that one request at a time needs, and unpacks no compressed answer.
func newTransport(check control, resolver *net.Resolver) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(ctx, network, address, check, resolver)
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  answerTimeout,
		MaxResponseHeaderBytes: maxAnswerHeaders,
		DisableCompression:     true,
		IdleConnTimeout:        idleConnTimeout,
		MaxIdleConns:           idleConnections,
	}
}

// errMixed is a transient fault: the host's allowed addresses do not answer, and the others must not be dialled. The net
// package returns the first address's error alone, which may be the guard's.
var errMixed = errors.New("connect: no allowed address of the host answered, and another one is a prohibited IP address")

// dial connects to the first address of a host that the check accepts and that answers.
func dial(ctx context.Context, network, address string, check control, resolver *net.Resolver) (net.Conn, error) {
	var passed atomic.Bool // addresses of both families are tried at the same time
	dialer := &net.Dialer{Timeout: dialTimeout, Resolver: resolver}
	if check != nil {
		dialer.Control = func(network, address string, conn syscall.RawConn) error {
			err := check(network, address, conn)
			if !prohibited(err) {
				passed.Store(true)
			}
			return err
		}
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil && prohibited(err) && passed.Load() {
		return nil, errMixed
	}
	return conn, err
}

// transportError describes an error of the transport. Some of net/http's own errors quote what the server sent, and
// that must go no further.
func transportError(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok && prohibited(op.Err) {
		return &PermanentError{Reason: op.Err.Error()}
	}
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		call        *os.SyscallError
		network     net.Error
	)
	switch {
	case errors.Is(err, errMixed):
		return errMixed
	case errors.As(err, &dns):
		return errors.New("look-up: " + dns.Err)
	case errors.As(err, &certificate):
		return errors.New("certificate: " + certificateError(certificate.Err))
	case errors.As(err, &call):
		return call
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return errors.New("no answer in time")
	}
	return errors.New("the connection broke, or the answer was not HTTPS")
}

// certificateError leaves out what x509's own errors quote of the server's certificate.
func certificateError(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "it is another host's"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "it is signed by an unknown authority"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "it has expired, or is not valid yet"
	}
	return "it is not valid"
}

func prohibited(err error) bool {
	return errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedPort) ||
		errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrInvalidHostPort)
}
