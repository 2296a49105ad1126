package config

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

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
	WebhookAllowedHosts        []string
	MaxRetries                 int
	MaxEventAgeSeconds         int
	RotationDays               int    // 0: no rotation
	AlarmEmail                 string // empty: nobody's
	ExternalAccess             string
	ExternalAllowedCIDRs       []netip.Prefix
	ExternalLoadBalancer       string
	LogRetentionDays           int
	Existing                   Existing
	Found                      Found
	Tags                       map[string]string // of everything that is the stack's: aws:defaultTags and the stack's name
}

// Sends tells whether messages may leave by the channel.
func (c *Config) Sends(channel contract.Channel) bool { return slices.Contains(c.Channels, channel) }

// External tells whether clients outside the VPC have a way to the database.
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

// Load reads the whole configuration. Its error names every key that is wrong, with its value and what is
// allowed.
func Load(ctx *pulumi.Context) (*Config, error) {
	r := &reader{known: map[string]bool{}, get: func(key string) (string, bool) {
		return ctx.GetConfig(ctx.Project() + ":" + key)
	}}
	c := &Config{
		VPCCIDR:                    parsed(r, "vpcCidr", "a private IPv4 range from /16 to /22, written by its first address", vpcCIDR),
		Zones:                      parsed(r, "zones", "none, or two to six different availability zones of one region by name, such as [us-east-1a, us-east-1b]", zones),
		MinCapacity:                parsed(r, "minCapacity", "0 to 256 ACUs in steps of 0.5", capacity(0)),
		MaxCapacity:                parsed(r, "maxCapacity", "1 to 256 ACUs in steps of 0.5", capacity(1)),
		AutoPauseSeconds:           parsed(r, "autoPauseSeconds", "0 (unset) or 300 to 86400 seconds", autoPause),
		Readers:                    parsed(r, "readers", "0 to 15", within(0, 15)),
		EngineVersion:              parsed(r, "engineVersion", engineAllowed, engineVersion),
		DatabaseName:               parsed(r, "databaseName", "a letter, then letters, digits and underscores, at most 64, and neither a reserved word nor a database of MySQL's own", databaseName),
		ProtectData:                parsed(r, "protectData", "true or false", strconv.ParseBool),
		BackupRetentionDays:        parsed(r, "backupRetentionDays", "1 to 35 days", within(1, 35)),
		ProxyMaxConnectionsPercent: parsed(r, "proxyMaxConnectionsPercent", "0 (follows maxCapacity) or 1 to 100 percent", within(0, 100)),
		ProxyIdleClientTimeout:     parsed(r, "proxyIdleClientTimeout", "60 to 28800 seconds: AWS's guidelines for RDS Proxy give a minimum of a minute", within(60, 28800)),
		ProxyBorrowTimeout:         parsed(r, "proxyBorrowTimeout", borrowAllowed, within(leastBorrowTimeout, Updater.Timeout-1)),
		LambdaArchitecture:         parsed(r, "lambdaArchitecture", "arm64 or x86_64", architecture),
		SecretsExtensionLayerARN:   parsed(r, "secretsExtensionLayerArn", layerAllowed, LayerARN),
		Channels:                   parsed(r, "channels", "one or more of sns, webhook, each once", channels),
		WebhookAllowedHosts:        parsed(r, "webhookAllowedHosts", hostsAllowed, Hosts(loopbackAllowed())),
		MaxRetries:                 parsed(r, "maxRetries", "0 to 2", within(0, 2)),
		MaxEventAgeSeconds:         parsed(r, "maxEventAgeSeconds", "60 to 21600 seconds", within(60, 21600)),
		RotationDays:               parsed(r, "rotationDays", "0 (none) or 1 to 365 days", within(0, 365)),
		AlarmEmail:                 parsed(r, "alarmEmail", "none, or one e-mail address such as team@example.com, of at most 254 ASCII characters", email),
		ExternalAccess:             parsed(r, "externalAccess", "none, single or ha", oneOf(accessNone, AccessSingle, AccessHA)),
		ExternalAllowedCIDRs:       parsed(r, "externalAllowedCidrs", fmt.Sprintf("at most %d IPv4 ranges from /%d to /32, each written by its first address, such as [203.0.113.0/24]", MaxClientRanges, minClientBits), clientRanges),
		ExternalLoadBalancer:       parsed(r, "externalLoadBalancer", "network or classic", oneOf(BalancerNetwork, BalancerClassic)),
		LogRetentionDays:           parsed(r, "logRetentionDays", fmt.Sprintf("one of %v days", retentions), retention),
	}
	c.Existing = loadExisting(r)
	c.Tags = stackTags(ctx, r)
	r.check(c, Region(ctx))
	r.refuseUnknown(ctx.Project(), os.Getenv(pulumi.EnvConfig))
	return c, r.err()
}

// reader collects what is wrong with the keys that it reads.
type reader struct {
	get      func(key string) (value string, ok bool)
	known    map[string]bool
	failed   []string // keys, so that no rule between keys reports a second problem with one of them
	problems []error
}

// parsed reads one key.
func parsed[T any](r *reader, key, allowed string, parse func(string) (T, error)) T {
	r.known[key] = true
	value, ok := r.get(key)
	if !ok {
		r.refuse(key, "not set", allowed)
		var none T
		return none
	}
	result, err := parse(value)
	if err != nil {
		r.refuse(key, value, allowed)
	}
	return result
}

// refuse records a problem: the key, its value, and what it must be instead.
func (r *reader) refuse(key, value, allowed string) {
	r.report(key, "%s is %s: must be %s", key, cmp.Or(value, `""`), allowed)
}

func (r *reader) report(key, format string, words ...any) {
	r.failed = append(r.failed, key)
	r.problems = append(r.problems, fmt.Errorf(format, words...))
}

// constraint is a rule between keys.
type constraint struct {
	keys    []string // the first one is refused
	Broken  bool
	value   any
	allowed string
}

// check applies the rules between keys, each unless one of its keys is refused anyway.
func (r *reader) check(c *Config, region string) {
	all := slices.Concat(c.constraints(region), c.existingConstraints(region), c.layerConstraints(region),
		[]constraint{c.BudgetConstraint(), regionConstraint(region)})
	for _, rule := range all {
		if rule.Broken && !slices.ContainsFunc(rule.keys, func(key string) bool { return slices.Contains(r.failed, key) }) {
			r.refuse(rule.keys[0], fmt.Sprint(rule.value), rule.allowed)
		}
	}
}

// refuseUnknown finds misspelt keys in all that the engine passes to the program: JSON, keys with their namespace.
func (r *reader) refuseUnknown(project, configuration string) {
	var all map[string]string
	if json.Unmarshal([]byte(configuration), &all) != nil {
		return // no engine, as in a test under mocks
	}
	for key := range all {
		if name, ours := strings.CutPrefix(key, project+":"); ours && !r.known[name] {
			known := make([]string, 0, len(r.known))
			for key := range r.known {
				known = append(known, key)
			}
			slices.Sort(known)
			r.report(name, "%s is %s: no key has this name; the keys are %s", name, all[key], strings.Join(known, ", "))
		}
	}
}

func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	if len(r.problems) == 1 {
		return fmt.Errorf("1 invalid configuration value: %w", r.problems[0])
	}
	return fmt.Errorf("%d invalid configuration values:\n%w", len(r.problems), errors.Join(r.problems...))
}
