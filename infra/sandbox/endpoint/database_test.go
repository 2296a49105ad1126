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
	proxies  map[string]string // the proxies' targets
	password string
}

func (h *hosts) Create(_ context.Context, cluster, database, user, password string) (string, error) {
	if strings.HasSuffix(cluster, "broken") {
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

func (h *hosts) CreateProxy(proxy string) error {
	if proxy == "broken" {
		return errors.New("no address")
	}
	return h.SetTarget(proxy, "")
}

func (h *hosts) SetTarget(proxy, server string) error {
	if h.proxies == nil {
		h.proxies = map[string]string{}
	}
	h.proxies[proxy] = server
	return nil
}

func (h *hosts) DeleteProxy(proxy string) error {
	delete(h.proxies, proxy)
	return nil
}

func (h *hosts) ProxyHost(proxy string) string {
	if _, there := h.proxies[proxy]; there {
		return proxy + ".proxy.sandbox"
	}
	return ""
}

// cluster makes one with an instance, and gives its addresses.
func (c *client) cluster(name string) (cluster string) {
	c.t.Helper()
	cluster = c.form("rds", "CreateDBCluster", "DBClusterIdentifier", name, "Engine", "aurora-mysql", "DatabaseName", "messages",
		"MasterUsername", "admin", "MasterUserPassword", "a-password")
	c.form("rds", "CreateDBInstance", "DBInstanceIdentifier", name+"-writer", "DBClusterIdentifier", name, "Engine", "aurora-mysql",
		"DBInstanceClass", "db.serverless")
	return cluster
}

// proxy are the parameters of one that is made.
func proxy(name string, subnets []string) []string {
	return []string{"DBProxyName", name, "EngineFamily", "MYSQL", "RoleArn", "arn:aws:iam::123456789012:role/pool",
		"Auth.member.1.AuthScheme", "SECRETS", "VpcSubnetIds.member.1", subnets[0], "VpcSubnetIds.member.2", subnets[1]}
}

func clustersHaveTheirDatabases(c *client) {
	for _, name := range []string{"first", "second"} {
		cluster := c.cluster(name)
		want := name + ".admin.messages.sandbox"
		for element, answer := range map[string]string{"Endpoint": cluster, "ReaderEndpoint": cluster} {
			if got := c.first(answer, element); got != want {
				c.t.Errorf("the cluster's %s is %s", element, got)
			}
		}
		if strings.Contains(cluster, "ScalingConfigurationInfo") {
			c.t.Error("a cluster shows the scaling of Serverless v1")
		}
	}
	all := c.form("rds", "DescribeDBInstances") + c.form("rds", "DescribeDBClusters")
	for _, name := range []string{"first", "second"} {
		at := name + ".admin.messages.sandbox</"
		if strings.Count(all, "<Address>"+at) != 1 || strings.Count(all, "<Endpoint>"+at) != 1 {
			c.t.Errorf("%s is not everywhere at its own host: %s", name, all)
		}
	}
	c.form("rds", "ModifyDBCluster", "DBClusterIdentifier", "first", "MasterUserPassword", "another-password")
	c.form("rds", "DeleteDBInstance", "DBInstanceIdentifier", "second-writer", "SkipFinalSnapshot", "true")
	c.form("rds", "DeleteDBCluster", "DBClusterIdentifier", "second", "SkipFinalSnapshot", "true")
}

// instanceHasItsDatabase has one that is in no cluster, next to a cluster of its name.
func instanceHasItsDatabase(c *client) {
	made := c.form("rds", "CreateDBInstance", "DBInstanceIdentifier", "First", "Engine", "mysql", "DBInstanceClass", "db.m7g.large",
		"AllocatedStorage", "20", "DBName", "orders", "MasterUsername", "root", "MasterUserPassword", "a-password")
	if got := c.first(made, "Address"); got != "db:first.root.orders.sandbox" {
		c.t.Errorf("it is at %s", got)
	}
	c.form("rds", "ModifyDBInstance", "DBInstanceIdentifier", "first", "MasterUserPassword", "another-password")
}

func proxiesLeadToTheirTargets(c *client) {
	_, subnets := c.network(2)
	for _, name := range []string{"first", "guest"} {
		made := c.form("rds", "CreateDBProxy", proxy(name, subnets)...)
		if got := c.first(made, "Endpoint"); got != name+".proxy.sandbox" {
			c.t.Errorf("%s is at %s", name, got)
		}
	}
	if all := c.form("rds", "DescribeDBProxies"); strings.Count(all, ".proxy.sandbox</") != 2 {
		c.t.Errorf("they are not everywhere at their own hosts: %s", all)
	}
	c.form("rds", "RegisterDBProxyTargets", "DBProxyName", "first", "DBInstanceIdentifiers.member.1", "first")
	c.form("rds", "RegisterDBProxyTargets", "DBProxyName", "guest", "DBClusterIdentifiers.member.1", "first")
	targets := c.form("rds", "DescribeDBProxyTargets", "DBProxyName", "guest")
	if got := c.first(targets, "Endpoint"); got != "first.admin.messages.sandbox" {
		c.t.Errorf("a target is at %s", got)
	}
}

func whatDoesNotStartIsNone(c *client) {
	_, subnets := c.network(2)
	master := []string{"MasterUsername", "admin", "MasterUserPassword", "a-password"}
	for action, made := range map[string]struct {
		parameters []string
		want       string
	}{
		"CreateDBCluster": {append(master, "DBClusterIdentifier", "broken", "Engine", "aurora-mysql"), "no disk"},
		"CreateDBInstance": {append(master, "DBInstanceIdentifier", "broken", "Engine", "mysql",
			"DBInstanceClass", "db.m7g.large", "AllocatedStorage", "20"), "no disk"},
		"CreateDBProxy": {proxy("broken", subnets), "no address"},
	} {
		status, answer := c.do("rds", http.MethodPost, "/", isForm, formOf("rds", action, made.parameters...))
		if status != http.StatusBadRequest || !strings.Contains(answer, made.want) {
			c.t.Errorf("%s: got %d %s", action, status, answer)
		}
	}
	left := c.form("rds", "DescribeDBClusters") + c.form("rds", "DescribeDBInstances") + c.form("rds", "DescribeDBProxies")
	if strings.Contains(left, "broken") {
		c.t.Errorf("it is there: %s", left)
	}
}
