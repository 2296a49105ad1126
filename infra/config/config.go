package config

import (
	"net/netip"
	"os"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// Config is the stack's configuration, checked. Pulumi.yaml describes the keys and holds their defaults.
type Config struct {
	VPCCIDR                    netip.Prefix
	Zones                      []string // empty: to be looked up
	MinCapacity, MaxCapacity   float64  // ACUs
	AutoPauseSeconds           int      // 0: unset
	Readers                    int
	EngineVersion              string
	DatabaseName               string
	ProtectData                bool
	BackupRetentionDays        int
	ProxyMaxConnectionsPercent int // 0: follows MaxCapacity
	ProxyIdleClientTimeout     int // seconds
	ProxyBorrowTimeout         int // seconds
	LambdaArchitecture         string
	SecretsExtensionLayerARN   string // empty: to be looked up
	Channels                   []contract.Channel
	Hosts                      map[contract.Channel][]string // by channel, of those that have such a key
	MaxRetries                 int
	MaxEventAgeSeconds         int
	RotationDays               int    // 0: no rotation
	Outbox                     bool   // schedules follow the rows of the table
	RetentionDays              int    // of rows in a final state; 0: indefinitely
	AlarmEmail                 string // empty: nobody's
	ExternalAccess             string
	ExternalAllowedCIDRs       []netip.Prefix
	ExternalLoadBalancer       string
	LogRetentionDays           int
	Existing                   Existing
	Found                      Found
	Tags                       map[string]string // of everything that is the stack's: aws:defaultTags and the stack's name
}

// Sends reports whether messages may leave by the channel.
func (c *Config) Sends(channel contract.Channel) bool { return slices.Contains(c.Channels, channel) }

// External reports whether clients outside the VPC can reach the database.
func (c *Config) External() bool { return c.ExternalAccess != accessNone }

// Warnings are what is allowed and yet does not do what one expects of it.
func (c *Config) Warnings() (all []string) {
	if c.MinCapacity == 0 {
		all = append(all, "minCapacity: 0: RDS Proxy's own connections keep the cluster awake, so expect it never to pause")
	}
	if !c.External() && len(c.ExternalAllowedCIDRs) > 0 {
		all = append(all, "externalAllowedCidrs: nobody gets in from these ranges while externalAccess is none")
	}
	return append(all, c.BudgetWarnings()...)
}

// Load reads the entire configuration. Its error names every key that is wrong, with its value and what is
// allowed.
func Load(ctx *pulumi.Context) (*Config, error) {
	r := &reader{get: func(key string) (string, bool) { return ctx.GetConfig(ctx.Project() + ":" + key) }}
	c := &Config{}
	for _, key := range Keys() {
		r.read(c, key)
	}
	c.Tags = stackTags(ctx, r)
	r.check(c, Region(ctx))
	r.refuseUnknown(ctx.Project(), os.Getenv(pulumi.EnvConfig))
	return c, r.err()
}
