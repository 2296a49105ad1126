package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Existing is what the stack goes into, or onto, instead of making it; all of it empty: the stack makes its own. The program
// changes none of it and adds to it only what docs/existing-vpc.md names.
type Existing struct {
	VPCID                             string
	PrivateSubnetIDs, PublicSubnetIDs []string
	SecretsManagerEndpoint            string // EndpointCreate, EndpointNone, or the security group of one that is there
	ClusterID, InstanceID             string // one of them, or none
	AdminSecretARN                    string // with username and password of a user that may make users and tables there
	DatabaseSecurityGroupID           string // empty: the only one that the database has
	KMSKeyARN                         string
	PermissionsBoundaryARN            string
	IAMPath                           string // begins and ends with a slash
	NamePrefix                        string // ends with a hyphen, or is empty
}

// Found is what AWS says of the existing things, once looked up.
type Found struct {
	Private, Public      []FoundSubnet
	PackagesPrefixListID string            // of S3, where HAProxy's packages are
	SessionGroups        map[string]string // security groups of Session Manager's endpoints that are there, by service
	Database             FoundDatabase
	Warnings             []string // of what may not work
}

// FoundSubnet is a subnet of an existing VPC.
type FoundSubnet struct{ ID, Zone, ZoneID string }

// FoundDatabase is an existing cluster or instance.
type FoundDatabase struct {
	Endpoint string // the writer's host
	Port     int
	Engine   string // aurora-mysql or mysql
	Version  string
	GroupID  string // the security group that gets the stack's rules
}

// Ways of the functions in an existing VPC to Secrets Manager, next to the security group of an endpoint.
const (
	EndpointCreate = "create"
	EndpointNone   = "none"
)

// Network reports whether the VPC is not the stack's own.
func (e *Existing) Network() bool { return e.VPCID != "" }

// Database reports whether the database is not the stack's own.
func (e *Existing) Database() bool { return e.ClusterID != "" || e.InstanceID != "" }

// EndpointGroup is the security group of the endpoint that is there, and empty without one.
func (e *Existing) EndpointGroup() string {
	if e.SecretsManagerEndpoint == EndpointCreate || e.SecretsManagerEndpoint == EndpointNone {
		return ""
	}
	return e.SecretsManagerEndpoint
}

// What AWS takes as ids and names. An id has 8 hexadecimal digits, or 17 since 2016.
var (
	vpcPattern      = regexp.MustCompile(`^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$`)
	subnetPattern   = regexp.MustCompile(`^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$`)
	groupPattern    = regexp.MustCompile(`^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$`)
	rdsPattern      = regexp.MustCompile(`^[a-z](?:-?[a-z0-9]+)*$`)
	secretPattern   = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	keyPattern      = regexp.MustCompile(`^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key/[0-9a-z-]+$`)
	boundaryPattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy/[\w+=,.@/-]+$`)
	pathPattern     = regexp.MustCompile(`^/(?:[\x21-\x2e\x30-\x7e]+/)*$`)
	prefixPattern   = regexp.MustCompile(`^[a-z][a-z0-9-]*-$`)
)

const (
	longestRDSName = 63
	longestIAMPath = 512
	// longestNamePrefix leaves a load balancer's name of 32 characters enough to show what it is. RDS takes no two hyphens in a row.
	longestNamePrefix = 12
)

// optional takes what matches, and none for the empty text.
func optional(pattern *regexp.Regexp) func(string) (string, error) {
	return func(value string) (string, error) {
		if value == "" || value == none {
			return "", nil
		}
		return matching(pattern)(value)
	}
}

func subnetIDs(least int) func(string) ([]string, error) {
	return func(value string) ([]string, error) {
		ids, err := list(value)
		if err != nil || len(ids) > 0 && len(ids) < least || len(ids) > MaxZones ||
			slices.ContainsFunc(ids, func(id string) bool { return !subnetPattern.MatchString(id) }) {
			return nil, errValue
		}
		return ids, nil
	}
}

func secretsManagerEndpoint(value string) (string, error) {
	if value == EndpointCreate || value == EndpointNone {
		return value, nil
	}
	return matching(groupPattern)(value)
}

func rdsIdentifier(value string) (string, error) {
	if len(value) > longestRDSName {
		return "", errValue
	}
	return optional(rdsPattern)(value)
}

func iamPath(value string) (string, error) {
	if len(value) > longestIAMPath || !pathPattern.MatchString(value) {
		return "", errValue
	}
	return value, nil
}

func namePrefix(value string) (string, error) {
	if len(value) > longestNamePrefix || strings.Contains(value, "--") {
		return "", errValue
	}
	return optional(prefixPattern)(value)
}

// NoEndpoint reports whether the functions reach Secrets Manager without an interface endpoint.
func (c *Config) NoEndpoint() bool { return c.Existing.SecretsManagerEndpoint == EndpointNone }

// PublicSubnets is how many public subnets there are, and so instances of HAProxy behind a load balancer.
func (c *Config) PublicSubnets() int {
	if c.Existing.Network() {
		return len(c.Existing.PublicSubnetIDs)
	}
	return len(c.Zones)
}

// EndpointName is the name by which a stack knows its own endpoints in a VPC that is not its own.
func EndpointName(ctx *pulumi.Context) string { return ctx.Project() + "/" + ctx.Stack() }
