package endpoint

import "context"

// Databases are what runs behind RDS's clusters, instances and proxies. A server is a cluster, by its name, or an instance that
// is in no cluster, by its name as in its ARN: db:orders. The two may have the same name.
type Databases interface {
	// Create makes a new server's database ready for connections, with its master user, and gives the host that it is at.
	Create(ctx context.Context, server, database, user, password string) (host string, err error)
	// SetPassword changes the password of a server's master user.
	SetPassword(ctx context.Context, server, user, password string) error
	// Delete ends a server's database. It is no error if there is none.
	Delete(server string) error
	// Host is where a server's database is, and "" without one.
	Host(server string) string
	// CreateProxy gives a new proxy an address. It has no target yet.
	CreateProxy(proxy string) error
	// SetTarget has a proxy lead to a server, or nowhere if that is "".
	SetTarget(proxy, server string) error
	// DeleteProxy ends a proxy. It is no error if there is none.
	DeleteProxy(proxy string) error
	// ProxyHost is where a proxy is, and "" without one.
	ProxyHost(proxy string) string
}

// At are databases that are all at one host, which somebody else runs.
type At string

// Create gives the host.
func (h At) Create(context.Context, string, string, string, string) (string, error) {
	return string(h), nil
}

// SetPassword does nothing.
func (h At) SetPassword(context.Context, string, string, string) error { return nil }

// Delete does nothing.
func (h At) Delete(string) error { return nil }

// Host is the host.
func (h At) Host(string) string { return string(h) }

// CreateProxy does nothing.
func (h At) CreateProxy(string) error { return nil }

// SetTarget does nothing.
func (h At) SetTarget(string, string) error { return nil }

// DeleteProxy does nothing.
func (h At) DeleteProxy(string) error { return nil }

// ProxyHost is the host.
func (h At) ProxyHost(string) string { return string(h) }
