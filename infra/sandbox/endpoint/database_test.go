package endpoint

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// hosts are databases that only have addresses. What was made last has the password.
type hosts struct {
	at       map[string]string
	password string
}

func (h *hosts) Create(_ context.Context, cluster, database, user, password string) (string, error) {
	if cluster == "broken" {
		return "", errors.New("no disk")
	}
	if h.at == nil {
		h.at = map[string]string{}
	}
	h.at[cluster] = cluster + "." + user + "." + database + ".sandbox"
	h.password = password
	return h.at[cluster], nil
}

func (h *hosts) SetPassword(_ context.Context, cluster, user, password string) error {
	h.password = cluster + " " + user + " " + password
	return nil
}

func (h *hosts) Delete(cluster string) error {
	delete(h.at, cluster)
	return nil
}

func (h *hosts) Host(cluster string) string { return h.at[cluster] }

// cluster makes one with an instance and a proxy, and gives their addresses.
func (c *client) cluster(name string, subnets []string) (cluster, proxy string) {
	c.t.Helper()
	cluster = c.form("rds", "CreateDBCluster", "DBClusterIdentifier", name, "Engine", "aurora-mysql", "DatabaseName", "messages",
		"MasterUsername", "admin", "MasterUserPassword", "a-password")
	c.form("rds", "CreateDBInstance", "DBInstanceIdentifier", name+"-writer", "DBClusterIdentifier", name, "Engine", "aurora-mysql",
		"DBInstanceClass", "db.serverless")
	proxy = c.form("rds", "CreateDBProxy", "DBProxyName", name, "EngineFamily", "MYSQL", "RoleArn", "arn:aws:iam::123456789012:role/pool",
		"Auth.member.1.AuthScheme", "SECRETS", "VpcSubnetIds.member.1", subnets[0], "VpcSubnetIds.member.2", subnets[1])
	return cluster, proxy
}

func clustersHaveTheirDatabases(c *client) {
	_, subnets := c.network(2)
	for _, name := range []string{"first", "second"} {
		cluster, proxy := c.cluster(name, subnets)
		want := name + ".admin.messages.sandbox"
		for element, answer := range map[string]string{"Endpoint": cluster, "ReaderEndpoint": cluster} {
			if got := c.first(answer, element); got != want {
				c.t.Errorf("the cluster's %s is %s", element, got)
			}
		}
		if got := c.first(proxy, "Endpoint"); got != want {
			c.t.Errorf("the proxy is at %s", got)
		}
		if strings.Contains(cluster, "ScalingConfigurationInfo") {
			c.t.Error("a cluster shows the scaling of Serverless v1")
		}
	}
	all := c.form("rds", "DescribeDBInstances") + c.form("rds", "DescribeDBProxies") + c.form("rds", "DescribeDBClusters")
	for _, name := range []string{"first", "second"} {
		at := name + ".admin.messages.sandbox</"
		if strings.Count(all, "<Address>"+at) != 1 || strings.Count(all, "<Endpoint>"+at) != 2 {
			c.t.Errorf("%s is not everywhere at its own host: %s", name, all)
		}
	}
	c.form("rds", "ModifyDBCluster", "DBClusterIdentifier", "first", "MasterUserPassword", "another-password")
	c.form("rds", "DeleteDBInstance", "DBInstanceIdentifier", "second-writer", "SkipFinalSnapshot", "true")
	c.form("rds", "DeleteDBCluster", "DBClusterIdentifier", "second", "SkipFinalSnapshot", "true")
}

func clusterWithoutADatabaseIsNone(c *client) {
	status, answer := c.do("rds", http.MethodPost, "/", isForm, formOf("rds", "CreateDBCluster", "DBClusterIdentifier", "broken",
		"Engine", "aurora-mysql", "MasterUsername", "admin", "MasterUserPassword", "a-password"))
	if status != http.StatusBadRequest || !strings.Contains(answer, "no disk") {
		c.t.Errorf("got %d %s", status, answer)
	}
	if left := c.form("rds", "DescribeDBClusters"); strings.Contains(left, "broken") {
		c.t.Errorf("it is there: %s", left)
	}
}
