package endpoint

import (
	"bytes"
	"cmp"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// emptyScaling is the scaling of an Aurora Serverless v1 cluster, which AWS shows for no other cluster. moto answers
// this one for every cluster, and the provider takes its presence for a change to make.
var emptyScaling = []byte("<ScalingConfigurationInfo/>")

var (
	// instances are a database instance each. Its cluster's name comes after its address.
	instances       = regexp.MustCompile(`(?s)<DBInstance>.*?</DBInstance>`)
	instanceName    = regexp.MustCompile(`<DBInstanceIdentifier>([^<]*)</`)
	instanceAddress = regexp.MustCompile(`<Address>[^<]*</`)
	instanceCluster = regexp.MustCompile(`<DBClusterIdentifier>([^<]*)</`)
	masterUser      = regexp.MustCompile(`<MasterUsername>([^<]*)</`)
	// addresses are those of a cluster or a proxy, whose name is the first label of what moto makes up.
	addresses = regexp.MustCompile(`<(Endpoint|ReaderEndpoint)>([^<.]+)\.(db-proxy-)?[^<]*</`)
)

// database has a database behind each cluster, and answers with where it is. With none, nothing runs, and the names are
// moto's own.
func database(d Databases, logger *log.Logger, next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		if _, service := scope(r); service != "rds" {
			return next.RoundTrip(r)
		}
		wanted, err := form(r)
		if err != nil {
			return nil, err
		}
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		body, err := readAll(response.Body)
		if err != nil {
			return nil, err
		}
		if d != nil && response.StatusCode < http.StatusMultipleChoices {
			if err := follow(r, d, wanted, body); err != nil {
				logger.Printf("%s: %v", wanted.Get("Action"), err)
				undo(next, r, wanted)
				return nil, &failure{err.Error()}
			}
			body = locate(d, body)
		}
		setResponseBody(response, bytes.ReplaceAll(body, emptyScaling, nil))
		return response, nil
	})
}

// undone are creations, by what undoes them, and the parameter with the name of what was made: without a database or an address
// it is none.
var undone = map[string]struct{ by, name string }{
	"CreateDBCluster":  {"DeleteDBCluster", "DBClusterIdentifier"},
	"CreateDBInstance": {"DeleteDBInstance", "DBInstanceIdentifier"},
	"CreateDBProxy":    {"DeleteDBProxy", "DBProxyName"},
}

func undo(next http.RoundTripper, r *http.Request, wanted url.Values) {
	if made, ok := undone[wanted.Get("Action")]; ok {
		_, _, _ = ask(next, r, url.Values{"Action": {made.by}, "Version": {wanted.Get("Version")},
			made.name: {wanted.Get(made.name)}, "SkipFinalSnapshot": {"true"}})
	}
}

// nameOf is the name in a parameter, in lower case, as RDS keeps it.
func nameOf(wanted url.Values, parameter string) string {
	return strings.ToLower(wanted.Get(parameter))
}

// serverOf is the server that a call is about: a cluster, or an instance that is in none.
func serverOf(wanted url.Values, cluster, instance string) string {
	if name := nameOf(wanted, cluster); name != "" {
		return name
	}
	if name := nameOf(wanted, instance); name != "" {
		return "db:" + name
	}
	return ""
}

// follow does to the databases what was done to clusters, instances and proxies.
func follow(r *http.Request, d Databases, wanted url.Values, answer []byte) error {
	server, password := serverOf(wanted, "DBClusterIdentifier", "DBInstanceIdentifier"), wanted.Get("MasterUserPassword")
	proxy := nameOf(wanted, "DBProxyName")
	switch action := wanted.Get("Action"); action {
	case "CreateDBCluster", "CreateDBInstance":
		if action == "CreateDBInstance" && wanted.Has("DBClusterIdentifier") {
			return nil // the cluster has the database
		}
		database := cmp.Or(wanted.Get("DatabaseName"), wanted.Get("DBName"))
		_, err := d.Create(r.Context(), server, database, wanted.Get("MasterUsername"), password)
		return err
	case "ModifyDBCluster", "ModifyDBInstance":
		user := masterUser.FindSubmatch(answer)
		if password == "" || user == nil {
			return nil
		}
		return d.SetPassword(r.Context(), server, string(user[1]), password)
	case "DeleteDBCluster", "DeleteDBInstance":
		return d.Delete(server)
	case "CreateDBProxy":
		return d.CreateProxy(proxy)
	case "RegisterDBProxyTargets":
		return d.SetTarget(proxy, serverOf(wanted, "DBClusterIdentifiers.member.1", "DBInstanceIdentifiers.member.1"))
	case "DeregisterDBProxyTargets":
		return d.SetTarget(proxy, "")
	case "DeleteDBProxy":
		return d.DeleteProxy(proxy)
	}
	return nil
}

// locate puts the hosts of the databases and the proxies into an answer.
func locate(d Databases, answer []byte) []byte {
	answer = instances.ReplaceAllFunc(answer, func(instance []byte) []byte {
		server := ""
		if cluster := instanceCluster.FindSubmatch(instance); cluster != nil {
			server = string(cluster[1])
		} else if name := instanceName.FindSubmatch(instance); name != nil {
			server = "db:" + string(name[1])
		}
		host := d.Host(server)
		if host == "" {
			return instance
		}
		return instanceAddress.ReplaceAll(instance, []byte("<Address>"+host+"</"))
	})
	return addresses.ReplaceAllFunc(answer, func(address []byte) []byte {
		parts := addresses.FindSubmatch(address)
		find := d.Host
		if len(parts[3]) > 0 {
			find = d.ProxyHost
		}
		host := find(string(parts[2]))
		if host == "" {
			return address
		}
		return []byte("<" + string(parts[1]) + ">" + host + "</")
	})
}
