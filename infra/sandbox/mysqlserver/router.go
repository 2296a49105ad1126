package mysqlserver

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
)

// Router is where MySQL Router is, and "" where it is not installed.
func Router() string {
	for _, path := range found("mysqlrouter") {
		return path
	}
	return ""
}

// StartRouter starts a MySQL Router that listens on one address, host:port, for a server on another, and gives each server
// connection back after a statement, to keep up to so many idle ones. Its configuration goes into the folder. It returns
// once the router listens.
func StartRouter(folder, listen, server string, idle int, c *Certificate) (*Pool, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "router.conf")
	text := fmt.Sprintf(`[DEFAULT]
logging_folder=
runtime_folder=%s
data_folder=%s
max_total_connections=4000
[logger]
level=WARNING
[connection_pool]
max_idle_server_connections=%d
[routing:pool]
bind_address=%s
bind_port=%s
max_connections=4000
destinations=%s
routing_strategy=first-available
protocol=classic
client_ssl_mode=REQUIRED
client_ssl_cert=%s
client_ssl_key=%s
server_ssl_mode=REQUIRED
server_ssl_verify=VERIFY_CA
server_ssl_ca=%s
connection_sharing=1
connection_sharing_delay=0
connect_retry_timeout=0
`, folder, folder, idle, host, port, server, c.CertFile, c.KeyFile, c.CAFile)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return startPool(exec.Command(Router(), "-c", config), listen)
}
