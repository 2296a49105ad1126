package external

import (
	_ "embed" // the script

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

//go:embed connect.sh.tmpl
var connectScript string

// Connection is what the script that opens a session depends on.
type Connection struct {
	Region, Secret    string // where the password is, by its ARN
	Endpoint, Cluster string // where HAProxy listens, and the name in the certificate
	Port              int
	User, Database    string
}

// Script is for sh, and for the client of MySQL or MariaDB.
func (c Connection) Script() (string, error) { return render(connectScript, c) }

// commandFor is the script for a cluster and where HAProxy listens before it.
func commandFor(f *foundation.Foundation, db *database.Database, endpoint pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.All(f.Region, db.App.ARN, endpoint, db.Endpoint, db.AppName()).ApplyT(func(v []any) (string, error) {
		return Connection{
			Region:   v[0].(string),
			Secret:   v[1].(string),
			Endpoint: v[2].(string),
			Cluster:  v[3].(string),
			Port:     network.MySQLPort,
			User:     v[4].(string),
			Database: f.Config.DatabaseName,
		}.Script()
	}).(pulumi.StringOutput)
}
