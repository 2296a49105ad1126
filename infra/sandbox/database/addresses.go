package database

import (
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"strconv"
)

// maxAddresses is how many servers and proxies there can be at a time. Each has an address of its own, which the certificate
// names.
const maxAddresses = 32

// freeAddresses finds a network of loopback addresses whose MySQL ports are free; on Linux all of 127.0.0.0/8 is this machine.
func freeAddresses() (hosts []string, err error) {
	for range 20 {
		network := fmt.Sprintf("127.%d.%d.", 1+mathrand.IntN(254), mathrand.IntN(256))
		hosts = nil
		for i := range maxAddresses {
			host := network + strconv.Itoa(i+1)
			var listener net.Listener
			if listener, err = net.Listen("tcp", at(host)); err != nil {
				break // tries another network
			}
			if err = listener.Close(); err != nil {
				return nil, err
			}
			hosts = append(hosts, host)
		}
		if len(hosts) == maxAddresses {
			return hosts, nil
		}
	}
	return nil, fmt.Errorf("port %d, on which databases have to be, is taken on all loopback addresses: %w", Port, err)
}

// freeHost is an address that nothing is at. It stays free until it is taken off the list.
func (c *Clusters) freeHost() (string, error) {
	if len(c.hosts) == 0 {
		return "", fmt.Errorf("all %d addresses of clusters, instances and proxies are taken", maxAddresses)
	}
	return c.hosts[0], nil
}

// at is the address of a database or a proxy, as clients know it.
func at(host string) string { return net.JoinHostPort(host, strconv.Itoa(Port)) }
