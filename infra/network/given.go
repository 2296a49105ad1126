package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// Groups that can be somebody else's, by their rows in the table.
const (
	databaseGroup = "database"
	endpointGroup = "endpoint"
)

// givenGroups are the ids of the security groups that are not the stack's own, by what they are to it: in these it makes rules
// and
// nothing else.
func givenGroups(cfg *config.Config) map[string]string {
	given := map[string]string{}
	if cfg.Existing.Database() {
		given[databaseGroup] = cfg.Found.Database.GroupID
	}
	if group := cfg.Existing.EndpointGroup(); group != "" {
		given[endpointGroup] = group
	}
	for service, group := range cfg.Found.SessionGroups {
		given[service] = group
	}
	return given
}

// sessionEdges are the ways to Session Manager's endpoints that are there already.
func sessionEdges(given map[string]string) (all []edge) {
	for _, service := range SessionServices() {
		if given[service] != "" {
			all = append(all, edge{"haproxy", service, https, "Session Manager", external})
		}
	}
	return all
}

// port is an edge's, or that of a database which is there already.
func (r *rules) port(e edge) pulumi.Int {
	if cfg := r.args.Foundation.Config; e.to == databaseGroup && cfg.Existing.Database() {
		return pulumi.Int(cfg.Found.Database.Port)
	}
	return pulumi.Int(e.port.number)
}
