package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// Clusters are the databases of a local AWS's clusters and of its instances that are in none, and its proxies. They are safe for
// concurrent use.
type Clusters struct {
	Certificate *mysqlserver.Certificate // of every database, and of localhost
	Kind        string                   // of every database, in words
	First       string                   // where the first one is, host:port
	Concurrency int                      // how many environments of a function a database bears at a time

	options Options
	mu      sync.Mutex
	hosts   []string             // that are free
	spare   *Database            // the next cluster's
	started int                  // databases
	running map[string]*Database // by server
	proxies map[string]*proxy    // by name
}

// Options say what clusters are made of.
type Options struct {
	Folder   string // for the data, with a short path, which another user may have to pass
	Embedded bool   // takes the embedded MySQL, also where a server is installed
	// ClientFiles is the folder for a file that the mysql client takes as --defaults-file: one for each cluster, and my.cnf for
	// the newest.
	ClientFiles string
	// Changed is called with the logins of all databases, by their hosts, whenever there is another one.
	Changed func(logins map[string]mysqlserver.Login) error
	// Failed is called when a database ends that was not asked to.
	Failed func(error)
}

// NewClusters finds addresses and starts the first cluster's database, so that what keeps it from starting is known before
// there is a cluster. They must be closed, also after an error.
func NewClusters(ctx context.Context, o Options) (c *Clusters, err error) {
	c = &Clusters{options: o, running: map[string]*Database{}, proxies: map[string]*proxy{}}
	if c.hosts, err = freeAddresses(); err != nil {
		return c, err
	}
	for _, folder := range []string{o.Folder, tlsFolder(o.Folder)} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return c, err
		}
	}
	// The local webhook receiver shows the same certificate, as localhost.
	c.Certificate, err = mysqlserver.NewCertificate(tlsFolder(o.Folder), append([]string{"localhost"}, c.hosts...)...)
	if err != nil {
		return c, err
	}
	if c.spare, err = c.start(ctx); err != nil {
		return c, err
	}
	c.Kind, c.First, c.Concurrency = c.spare.Kind, at(c.spare.Host), c.spare.concurrency()
	return c, nil
}

func (c *Clusters) start(ctx context.Context) (*Database, error) {
	host, err := c.freeHost()
	if err != nil {
		return nil, err
	}
	kind := mysqlserver.Kind("")
	if c.options.Embedded {
		kind = mysqlserver.Embedded
	}
	c.started++
	d, err := start(ctx, filepath.Join(c.options.Folder, strconv.Itoa(c.started)), host, c.Certificate, kind)
	if err != nil {
		return nil, err
	}
	c.hosts = c.hosts[1:]
	if d.server.Ended() != nil {
		go d.watch(c.options.Failed)
	}
	return d, nil
}

// Create makes a server's database ready for connections, and gives the host that it is at.
func (c *Clusters) Create(ctx context.Context, server, database, user, password string) (host string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.spare
	c.spare = nil
	if d == nil {
		if d, err = c.start(ctx); err != nil {
			return "", err
		}
	}
	if err := d.prepare(ctx, database, user, password); err != nil {
		return "", errors.Join(err, c.release(d))
	}
	c.running[server] = d
	for _, name := range []string{"my.cnf", "my." + server + ".cnf"} {
		if err := d.clientFile(filepath.Join(c.options.ClientFiles, name), database); err != nil {
			return "", err
		}
	}
	return d.Host, c.changed()
}

// release ends a database. Its address is free for another one.
func (c *Clusters) release(d *Database) error {
	c.hosts = append(c.hosts, d.Host)
	return d.stop()
}

func (c *Clusters) changed() error {
	logins := map[string]mysqlserver.Login{}
	for _, d := range c.running {
		logins[d.Host] = d.Login
	}
	return c.options.Changed(logins)
}

// SetPassword changes the password of a server's master user.
func (c *Clusters) SetPassword(ctx context.Context, server, user, password string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.running[server]; d != nil {
		return d.setPassword(ctx, user, password)
	}
	return fmt.Errorf("%s has no database", server)
}

// Delete ends a server's database and removes its data.
func (c *Clusters) Delete(server string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.running[server]
	if d == nil {
		return nil
	}
	delete(c.running, server)
	file := filepath.Join(c.options.ClientFiles, "my."+server+".cnf")
	return errors.Join(c.release(d), os.Remove(file), c.changed())
}

// Host is where a server's database is, and "" without one.
func (c *Clusters) Host(server string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.running[server]; d != nil {
		return d.Host
	}
	return ""
}

// Close ends all databases.
func (c *Clusters) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all error
	if c.spare != nil {
		all = c.spare.stop()
	}
	for _, p := range c.proxies {
		all = errors.Join(all, p.stop())
	}
	for _, d := range c.running {
		all = errors.Join(all, d.stop())
	}
	c.spare, c.running, c.proxies = nil, nil, nil
	return all
}
