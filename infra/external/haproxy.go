package external

import (
	_ "embed" // the templates
	"encoding/base64"
	"fmt"
	"strings"
	"text/template"
	"time"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/network"
)

var (
	//go:embed haproxy.cfg.tmpl
	haproxyTemplate string
	// Lua is the script that HAProxy loads.
	//
	//go:embed haproxy.lua
	Lua string
	//go:embed haproxy.sh.tmpl
	haproxyBoot string
)

const (
	// HealthPath is what the load balancer asks for.
	HealthPath = "/health"

	// vpcResolver answers in every VPC; security groups do not filter it.
	// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
	vpcResolver = "169.254.169.253:53"

	// BalancerIdleSeconds is the most that a classic load balancer takes, and a network one takes more: reports,
	// migrations and the pools of BI tools are silent for long.
	// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_ConnectionSettings.html
	BalancerIdleSeconds = 3600
	// HAProxyIdleSeconds is after how long HAProxy ends a silent session, before the load balancer does.
	HAProxyIdleSeconds = BalancerIdleSeconds - 60
)

// Settings are what the configuration of HAProxy depends on.
type Settings struct {
	User           string // that it becomes; empty: it stays whose it is
	Script         string // path of the Lua script
	Resolver       string // address and port
	Endpoint       string // the cluster's name
	Port           int
	Listen, Health string // addresses and ports
	ProxyProtocol  bool   // the load balancer sends the client's address in a header
	Clients        int    // connections that HAProxy holds, in service and waiting

	Limits

	Hold    time.Duration // that an address of the cluster is used without a new look-up
	Check   time.Duration // between checks
	Connect time.Duration // limit of a connection and of a check
	Idle    time.Duration // until a silent session ends
}

// HealthPath is where the template finds the path.
func (Settings) HealthPath() string { return HealthPath }

// NewSettings are those of one of so many instances in the VPC.
func NewSettings(cfg *config.Config, endpoint string, instances int) Settings {
	most := config.HAProxyShare(cfg, instances)
	s := Settings{
		User: "haproxy", Script: "/etc/haproxy/failover.lua", Resolver: vpcResolver,
		Endpoint: endpoint, Port: network.MySQLPort, Listen: fmt.Sprintf("*:%d", network.MySQLPort),
		Health:  fmt.Sprintf("127.0.0.1:%d", network.HealthPort), // to look at, in a session on the instance
		Clients: max(2000, 2*most),
		Limits:  NewLimits(most),
		Hold:    2 * time.Second, Check: 2 * time.Second, Connect: 3 * time.Second,
		Idle: HAProxyIdleSeconds * time.Second,
	}
	if cfg.Existing.Database() {
		s.Port = cfg.Found.Database.Port
	}
	if cfg.ExternalAccess == config.AccessHA {
		s.Health = fmt.Sprintf("*:%d", network.HealthPort)
		s.ProxyProtocol = cfg.ExternalLoadBalancer == config.BalancerClassic // a network load balancer keeps the address itself
	}
	return s
}

// Configuration is haproxy.cfg.
func (s Settings) Configuration() (string, error) { return render(haproxyTemplate, s) }

// UserData is what an instance runs at its first boot, in base64.
func (s Settings) UserData() (string, error) {
	configuration, err := s.Configuration()
	if err != nil {
		return "", err
	}
	script, err := render(haproxyBoot, struct{ Script, Lua, Configuration string }{s.Script, Lua, configuration})
	return base64.StdEncoding.EncodeToString([]byte(script)), err
}

func render(text string, data any) (string, error) {
	parsed, err := template.New("").Funcs(template.FuncMap{"span": span}).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = parsed.Execute(&b, data)
	return b.String(), err
}

// span is a duration as HAProxy reads it: one number, one unit.
func span(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return fmt.Sprintf("%dms", d.Milliseconds())
}
