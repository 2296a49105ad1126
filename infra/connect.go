package infra

import (
	_ "embed" // the script

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

//go:embed connect.sh.tmpl
var connectScript string

// connection is what the script that opens a session depends on.
type connection struct {
	Region, Secret    string // where the password is, by its ARN
	Endpoint, Cluster string // where HAProxy listens, and the name in the certificate
	Port              int
	User, Database    string
}

// script is for sh, and for the client of MySQL or MariaDB.
func (c connection) script() (string, error) { return render(connectScript, c) }

// exportExternal gives out what a client outside needs.
func exportExternal(ctx *pulumi.Context, cfg *Config, f *Foundation, db *Database, e *External) {
	ctx.Export("externalEndpoint", e.Endpoint)
	ctx.Export("externalCommand", pulumi.All(f.Region, db.App.ARN, e.Endpoint, db.Endpoint).ApplyT(func(v []any) (string, error) {
		return connection{
			Region:   v[0].(string),
			Secret:   v[1].(string),
			Endpoint: v[2].(string),
			Cluster:  v[3].(string),
			Port:     mysqlPort,
			User:     appUser,
			Database: cfg.DatabaseName,
		}.script()
	}))
}
