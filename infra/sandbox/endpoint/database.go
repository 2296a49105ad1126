package endpoint

import (
	"bytes"
	"context"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Databases are what runs behind RDS's clusters.
type Databases interface {
	// Create makes a new cluster's database ready for connections, with its master user, and gives the host that it is at.
	Create(ctx context.Context, cluster, database, user, password string) (host string, err error)
	// SetPassword changes the password of a cluster's master user.
	SetPassword(ctx context.Context, cluster, user, password string) error
	// Delete ends a cluster's database. It is no error if there is none.
	Delete(cluster string) error
	// Host is where a cluster's database is, and "" without one.
	Host(cluster string) string
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

// emptyScaling is the scaling of an Aurora Serverless v1 cluster, which AWS shows for no other cluster. moto answers
// this one for every cluster, and the provider takes its presence for a change to make.
var emptyScaling = []byte("<ScalingConfigurationInfo/>")

var (
	// instances are a database instance each. Its cluster's name comes after its address.
	instances       = regexp.MustCompile(`(?s)<DBInstance>.*?</DBInstance>`)
	instanceAddress = regexp.MustCompile(`<Address>[^<]*</`)
	instanceCluster = regexp.MustCompile(`<DBClusterIdentifier>([^<]*)</`)
	// addresses are those of a cluster or a proxy, whose name is the first label of what moto makes up.
	addresses = regexp.MustCompile(`<(Endpoint|ReaderEndpoint)>([^<.]+)\.[^<]*</`)
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
				if wanted.Get("Action") == "CreateDBCluster" { // a cluster without a database is none
					_, _, _ = ask(next, r, url.Values{"Action": {"DeleteDBCluster"}, "Version": {wanted.Get("Version")},
						"DBClusterIdentifier": {wanted.Get("DBClusterIdentifier")}, "SkipFinalSnapshot": {"true"}})
				}
				return nil, &failure{err.Error()}
			}
			body = locate(d, body)
		}
		setResponseBody(response, bytes.ReplaceAll(body, emptyScaling, nil))
		return response, nil
	})
}

// follow does to the databases what was done to clusters. Names are in small letters, as RDS keeps them.
func follow(r *http.Request, d Databases, wanted url.Values, answer []byte) error {
	cluster, password := strings.ToLower(wanted.Get("DBClusterIdentifier")), wanted.Get("MasterUserPassword")
	switch wanted.Get("Action") {
	case "CreateDBCluster":
		_, err := d.Create(r.Context(), cluster, wanted.Get("DatabaseName"), wanted.Get("MasterUsername"), password)
		return err
	case "ModifyDBCluster":
		user := regexp.MustCompile(`<MasterUsername>([^<]*)</`).FindSubmatch(answer)
		if password == "" || user == nil {
			return nil
		}
		return d.SetPassword(r.Context(), cluster, string(user[1]), password)
	case "DeleteDBCluster":
		return d.Delete(cluster)
	}
	return nil
}

// locate puts the databases' hosts into an answer. A proxy is at its cluster's: it is taken for the one of the same name.
func locate(d Databases, answer []byte) []byte {
	answer = instances.ReplaceAllFunc(answer, func(instance []byte) []byte {
		cluster := instanceCluster.FindSubmatch(instance)
		if cluster == nil || d.Host(string(cluster[1])) == "" {
			return instance
		}
		return instanceAddress.ReplaceAll(instance, []byte("<Address>"+d.Host(string(cluster[1]))+"</"))
	})
	return addresses.ReplaceAllFunc(answer, func(address []byte) []byte {
		parts := addresses.FindSubmatch(address)
		host := d.Host(string(parts[2]))
		if host == "" {
			return address
		}
		return []byte("<" + string(parts[1]) + ">" + host + "</")
	})
}
