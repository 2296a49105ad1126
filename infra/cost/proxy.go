package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/internal/planned"
	"scheduled-messages/infra/internal/stackconfig"
)

// What RDS Proxy bills at least: for a cluster of Serverless v2, and for provisioned instances.
// https://aws.amazon.com/rds/proxy/pricing/
const (
	proxyLeastACUs  = 8
	proxyLeastVCPUs = 2
)

// proxy is RDS Proxy, which is billed by the size of the database behind it: the stack's own, or an existing one's figure.
func proxy(s stack, _ planned.Resource, usage map[string]figure) []line {
	if vcpus, provisioned := usage[databaseVCPUs]; provisioned {
		return []line{{"rds-proxy-vcpu", max(proxyLeastVCPUs, vcpus.Value) * hoursPerMonth}}
	}
	acus := float64(len(s.of("aws:rds/clusterInstance:ClusterInstance"))) * s.leastACUs()
	if existing, ok := usage[databaseACUs]; ok {
		acus = existing.Value
	}
	return []line{{"rds-proxy", max(proxyLeastACUs, acus) * hoursPerMonth}}
}

// Figures that RDS Proxy is priced by in front of an existing database. They are the instances' together.
const (
	databaseACUs  = "databaseACUs"
	databaseVCPUs = "databaseVCPUs"
)

// ofDatabase are the figures of usage.json that are for a database of the stack's own alone.
var ofDatabase = []string{"storageGB", "ioRequests", "rowBytes"}

// databaseSize is how large an existing database is, all of its instances together; 0: not given.
type databaseSize struct{ acus, vcpus float64 }

// flags declares -vcpus and -acus.
func (d *databaseSize) flags(f *command.Flags) {
	for _, one := range []struct {
		into        *float64
		name, usage string
	}{
		{&d.vcpus, "vcpus", "the `number` of vCPUs of an existing database, all instances together"},
		{&d.acus, "acus", "the `number` of ACUs of an existing Serverless v2 cluster at rest, all instances together"},
	} {
		command.Parsed(f, one.into, one.name, "", one.usage, "a number above 0", func(text string) (float64, error) {
			n, err := strconv.ParseFloat(text, 64)
			if err == nil && !(n > 0 && n <= math.MaxInt32) {
				err = errors.New("out of range")
			}
			return n, err
		})
	}
}

// check refuses both of them together.
func (d *databaseSize) check() []error {
	if d.acus > 0 && d.vcpus > 0 {
		return []error{fmt.Errorf("-vcpus %v and -acus %v: must be one of them", d.vcpus, d.acus)}
	}
	return nil
}

// behindProxy is what RDS Proxy is priced by in front of an existing database.
type behindProxy struct {
	name     string // of the figure
	figure   figure
	database string // its identifier
	cluster  bool
	known    bool
}

// figure is what RDS Proxy is priced by in front of an existing database, and nil in front of one of the stack's own. AWS's
// minimum stands for a size that is not given.
func (d databaseSize) figure(s *stackconfig.Settings) (*behindProxy, error) {
	cluster, instance := s.Given("clusterIdentifier"), s.Given("instanceIdentifier")
	b := &behindProxy{name: databaseVCPUs, database: cluster + instance, cluster: cluster != "", known: true}
	switch {
	case b.database == "" && d.vcpus > 0:
		return nil, fmt.Errorf("-vcpus is %v: must be left out: the database is the stack's own", d.vcpus)
	case b.database == "" && d.acus > 0:
		return nil, fmt.Errorf("-acus is %v: must be left out: the database is the stack's own", d.acus)
	case b.database == "":
		return nil, nil
	case d.acus > 0 && cluster == "":
		return nil, fmt.Errorf("-acus is %v: must be -vcpus with instanceIdentifier %s: an instance of RDS has no ACUs",
			d.acus, instance)
	case d.acus > 0:
		b.name, b.figure = databaseACUs, figure{d.acus, "given by -acus: of all instances of " + b.database + ", at rest"}
	case d.vcpus > 0:
		b.figure = figure{d.vcpus, "given by -vcpus: of all instances of " + b.database}
	default:
		b.known, b.figure = false, figure{proxyLeastVCPUs, "at least: what RDS Proxy bills in front of the smallest instance"}
	}
	return b, nil
}

// note says what a size that is not given leaves open.
func (b *behindProxy) note(prices list) []string {
	if b == nil || b.known {
		return nil
	}
	month := func(price string, units float64) float64 { return prices.Prices[price].USD * units * hoursPerMonth }
	note := fmt.Sprintf("RDS Proxy is priced by the size of %s, which only AWS knows: it counts at AWS's minimum, %d vCPUs for "+
		"%.2f USD; give -vcpus", b.database, proxyLeastVCPUs, month("rds-proxy-vcpu", proxyLeastVCPUs))
	if b.cluster {
		note += fmt.Sprintf(", or -acus for Serverless v2, whose minimum is %d ACUs for %.2f USD", proxyLeastACUs,
			month("rds-proxy", proxyLeastACUs))
	}
	return []string{note + "."}
}
