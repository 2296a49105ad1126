package infratest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra"
	"scheduled-messages/infra/config"
)

// Modes are the external access's, as configuration.
var Modes = map[string]map[string]string{
	"single":  {"externalAccess": "single", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`},
	"network": {"externalAccess": "ha", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`},
	"classic": {"externalAccess": "ha", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`, "externalLoadBalancer": "classic"},
}

// Everything is the configuration with all that can be had.
var Everything = With(Webhook, Modes["network"])

// InEachMode runs a test on the stack in every mode.
func InEachMode(t *testing.T, test func(t *testing.T, mode string, s *Mock)) {
	for mode, changes := range Modes {
		t.Run(mode, func(t *testing.T) { test(t, mode, Deployed(t, changes)) })
	}
}

// Mode is a configuration in which every rule is judged.
type Mode struct {
	Name    string
	Changes map[string]string
}

// AuditModes are the columns of the outcome; a further one is one more line.
var AuditModes = []Mode{
	{"dev", nil},
	{"protected", map[string]string{"protectData": "true"}},
	{"webhook", Webhook},
	{"no rotation", map[string]string{"rotationDays": "0"}},
	{"alarm mail", map[string]string{"alarmEmail": "somebody@example.com"}},
	{"readers", map[string]string{"readers": "2"}},
	{"outbox", With(Outbox, map[string]string{"retentionDays": "90"})},
	{"single", Modes["single"]},
	{"network", Modes["network"]},
	{"classic", Modes["classic"]},
	{"existing VPC", ExistingModes["VPC"]},
	{"existing database", With(ExistingModes["cluster"], Outbox)},
}

// ManyRanges is a list of so many ranges.
func ManyRanges(n int) string {
	var ranges []string
	for i := range n {
		ranges = append(ranges, fmt.Sprintf(`"10.0.%d.0/24"`, i))
	}
	return "[" + strings.Join(ranges, ",") + "]"
}

// ManyHosts is a list of hosts that is so many bytes long when they are joined by commas.
func ManyHosts(bytes int) string {
	var names []string
	for i := 0; bytes > 0; i++ {
		length := min(bytes, 253)
		if rest := bytes - length; rest > 0 && rest < 30 {
			length -= 30 // the last one needs room for a name
		}
		name := fmt.Sprintf("h%d.", i)
		for length-len(name) > 64+len("example.com") {
			name += strings.Repeat("x", 63) + "."
		}
		names = append(names, name+strings.Repeat("y", length-len(name)-len(".example.com"))+".example.com")
		bytes -= length + 1
	}
	text, _ := json.Marshal(names)
	return string(text)
}

// Longest are names and values at their limits: those of projects and stacks are Pulumi's.
var Longest = map[string]string{
	"databaseName":         strings.Repeat("m", 64),
	"alarmEmail":           strings.Repeat("a", 64) + "@" + strings.Repeat(strings.Repeat("b", 61)+".", 3) + "com",
	"zones":                `["us-east-1a","us-east-1b","us-east-1c","us-east-1d","us-east-1e","us-east-1f"]`,
	"readers":              "15",
	"webhookAllowedHosts":  ManyHosts(config.HostsBytes),
	"externalAllowedCidrs": ManyRanges(config.MaxClientRanges),
}

// DeployedAs is what the program registers in a project and a stack of other names.
func DeployedAs(t *testing.T, project, stack string, changes map[string]string) *Mock {
	t.Helper()
	s := &Mock{Stack: stack}
	config := map[string]string{}
	for key, value := range Settings(t, With(Given, changes)) {
		config[strings.Replace(key, "scheduled-messages:", project+":", 1)] = value
	}
	defer s.sort()
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return infra.DeployWith(ctx, Built) }, pulumi.WithMocks(project, stack, s),
		func(info *pulumi.RunInfo) { info.Config = config })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ShowsAlarms is the one resource that changes with the external access and is not of it: it shows every alarm.
const ShowsAlarms = "monitoring-dashboard"

// IsExternal reports, by its name, whether a resource belongs to the external access.
func IsExternal(resource string) bool {
	name := resource[strings.LastIndex(resource, "::")+2:]
	return slices.ContainsFunc(ofExternalAccess, func(prefix string) bool { return strings.HasPrefix(name+"-", prefix) })
}

// Webhook is the configuration with both channels.
var Webhook = map[string]string{"channels": `["sns","webhook"]`, "webhookAllowedHosts": `["hooks.example.com"]`}

// Outbox is the configuration with schedules that follow rows.
var Outbox = map[string]string{"outbox": "true"}

// ofExternalAccess are what the names of all resources of the external access start with.
var ofExternalAccess = []string{"external", "public", "management", "security-haproxy-", "security-balancer-", "security-management-", "security-clients-",
	"monitoring-haproxy-"}
