package infra

import (
	_ "embed" // the templates
	"encoding/base64"
	"fmt"
	"strings"
	"text/template"
	"time"
)

var (
	//go:embed haproxy.cfg.tmpl
	haproxyTemplate string
	//go:embed haproxy.lua
	haproxyLua string
	//go:embed haproxy.sh.tmpl
	haproxyBoot string
)

const (
	healthPort = 8404
	healthPath = "/health"

	// vpcResolver answers in every VPC; security groups do not filter it.
	// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
	vpcResolver = "169.254.169.253:53"

	// balancerIdleSeconds is the most that a classic load balancer takes, and a network one takes more: reports,
	// migrations and the pools of BI tools are silent for long.
	// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_ConnectionSettings.html
	balancerIdleSeconds = 3600
	haproxyIdleSeconds  = balancerIdleSeconds - 60
)

// haproxySettings are what the configuration of HAProxy depends on.
type haproxySettings struct {
	User           string // that it becomes; empty: it stays whose it is
	Script         string // path of the Lua script
	Resolver       string // address and port
	Endpoint       string // the cluster's name
	Port           int
	Listen, Health string // addresses and ports
	ProxyProtocol  bool   // the load balancer sends the client's address in a header
	Clients        int    // connections that HAProxy holds, in service and waiting

	limits

	Hold    time.Duration // that an address of the cluster is taken for good
	Check   time.Duration // between checks
	Connect time.Duration // limit of a connection and of a check
	Idle    time.Duration // until a silent session ends
}

// HealthPath is where the template finds the path.
func (haproxySettings) HealthPath() string { return healthPath }

// newHAProxySettings are those of one of so many instances in the VPC.
func newHAProxySettings(cfg *Config, endpoint string, instances int) haproxySettings {
	most := haproxyShare(cfg, instances)
	s := haproxySettings{
		User: "haproxy", Script: "/etc/haproxy/failover.lua", Resolver: vpcResolver,
		Endpoint: endpoint, Port: mysqlPort, Listen: fmt.Sprintf("*:%d", mysqlPort),
		Health:  fmt.Sprintf("127.0.0.1:%d", healthPort), // to look at, in a session on the instance
		Clients: max(2000, 2*most),
		limits:  newLimits(most),
		Hold:    2 * time.Second, Check: 2 * time.Second, Connect: 3 * time.Second,
		Idle: haproxyIdleSeconds * time.Second,
	}
	if cfg.ExternalAccess == accessHA {
		s.Health = fmt.Sprintf("*:%d", healthPort)
		s.ProxyProtocol = cfg.ExternalLoadBalancer == balancerClassic // a network load balancer keeps the address itself
	}
	return s
}

// configuration is haproxy.cfg.
func (s haproxySettings) configuration() (string, error) { return render(haproxyTemplate, s) }

// userData is what an instance runs at its first boot, in base64.
func (s haproxySettings) userData() (string, error) {
	configuration, err := s.configuration()
	if err != nil {
		return "", err
	}
	script, err := render(haproxyBoot, struct{ Script, Lua, Configuration string }{s.Script, haproxyLua, configuration})
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
