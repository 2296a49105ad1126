package external_test

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/external"
)

// findHAProxy skips the test where there is none. Debian keeps it in a directory that is not on everyone's PATH.
func findHAProxy(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"haproxy", "/usr/sbin/haproxy"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("needs haproxy: install the package haproxy")
	return ""
}

// luaFile puts the script where a configuration can load it from.
func luaFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "failover.lua")
	if err := os.WriteFile(path, []byte(external.Lua), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRealHAProxyAcceptsTheConfigurationOfEveryModeWithoutAWarning(t *testing.T) {
	haproxy := findHAProxy(t)
	for _, access := range []config.Config{{ExternalAccess: config.AccessSingle}, {ExternalAccess: config.AccessHA}, {ExternalAccess: config.AccessHA, ExternalLoadBalancer: config.BalancerClassic}} {
		for _, capacity := range []float64{1, 4, 256} {
			access.MaxCapacity = capacity
			settings := external.NewSettings(&access, "messages.cluster-c1.us-east-1.rds.amazonaws.com", 3)
			settings.Script = luaFile(t)
			if _, err := os.Stat("/var/lib/haproxy"); err != nil {
				settings.User = "" // no package of HAProxy's made it: haproxy was built here
			}
			text, err := settings.Configuration()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "haproxy.cfg")
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(haproxy, "-c", "-f", path).CombinedOutput()
			if err != nil || strings.Contains(string(out), "WARNING") || strings.Contains(string(out), "ALERT") {
				t.Errorf("%s %s, %v ACUs: %v\n%s\n%s", access.ExternalAccess, access.ExternalLoadBalancer, capacity, err, out, text)
			}
		}
	}
}

func TestHAProxyLeavesThePipelineItsConnections(t *testing.T) {
	for _, test := range []struct {
		acus            float64
		instances, want int
	}{{1, 1, 31}, {4, 2, 33}, {7.5, 1, 67}, {8, 2, 250}, {256, 6, 500}, {1, 6, 5}} {
		settings := external.NewSettings(&config.Config{ExternalAccess: config.AccessHA, MaxCapacity: test.acus}, "", test.instances)
		got := settings.Direct + settings.Overflow
		if got != test.want || got*test.instances > config.ConnectionsAt(test.acus)/2 {
			t.Errorf("%v ACUs, %d instances: %d connections each, want %d", test.acus, test.instances, got, test.want)
		}
	}
}

func TestHAProxySaysGoodbyeBeforeTheLoadBalancerDoes(t *testing.T) {
	settings := external.NewSettings(&config.Config{ExternalAccess: config.AccessHA, MaxCapacity: 4}, "db.example.com", 2)
	text, err := settings.Configuration()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"timeout client 3540s", "timeout server 3540s", "nameserver dns 169.254.169.253:53", "bind *:3306", "bind *:8404", "hold valid 2s"} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
	if external.BalancerIdleSeconds <= external.HAProxyIdleSeconds || external.BalancerIdleSeconds > 3600 {
		t.Errorf("the load balancer lets go after %d seconds, HAProxy after %d", external.BalancerIdleSeconds, external.HAProxyIdleSeconds)
	}
}

func TestHealthIsForTheInstanceAloneWithoutALoadBalancer(t *testing.T) {
	if got := external.NewSettings(&config.Config{ExternalAccess: config.AccessSingle}, "", 1).Health; got != "127.0.0.1:8404" {
		t.Errorf("health listens on %s", got)
	}
}

func TestFirstBootInstallsBothFilesAndFitsUserData(t *testing.T) {
	settings := external.NewSettings(&config.Config{ExternalAccess: config.AccessHA, MaxCapacity: 4}, "db.example.com", 2)
	encoded, err := settings.UserData()
	if err != nil {
		t.Fatal(err)
	}
	script, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
	if len(script) > 16384 || !strings.HasPrefix(string(script), "#!/bin/bash\n") {
		t.Errorf("%d bytes, of which EC2 takes 16384, and cloud-init runs what starts with #!:\n%s", len(script), script)
	}
	// Run for real, in a folder that stands for the root of the instance, with stand-ins for what installs and starts.
	root := t.TempDir()
	commands := "PATH=" + filepath.Join(root, "bin") + ":$PATH\n"
	for _, folder := range []string{"bin", "etc/haproxy", "etc/systemd/system"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"dnf", "systemctl", "sleep"} { // dnf answers the third time
		body := "#!/bin/sh\necho " + name + " \"$@\" >>" + root + "/ran\n"
		if name == "dnf" {
			body += "[ $(grep -c dnf " + root + "/ran) -ge 3 ]\n"
		}
		if err := os.WriteFile(filepath.Join(root, "bin", name), []byte(body), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	text := commands + strings.ReplaceAll(string(script), "/etc/", root+"/etc/")
	if out, err := exec.Command("bash", "-eu", "-c", text).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ran, err := os.ReadFile(filepath.Join(root, "ran"))
	const install = "dnf install --assumeyes haproxy\n"
	if want := install + "sleep 10\n" + install + "sleep 10\n" + install + "systemctl daemon-reload\nsystemctl enable --now haproxy\n"; string(ran) != want {
		t.Errorf("ran %v:\n%s\nwant:\n%s", err, ran, want)
	}
	configuration, err := settings.Configuration()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"haproxy/haproxy.cfg": strings.ReplaceAll(configuration, "/etc/", root+"/etc/"), "haproxy/failover.lua": external.Lua} {
		if got, err := os.ReadFile(filepath.Join(root, "etc", path)); err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", path, err, got)
		}
	}
	if drop, err := os.ReadFile(filepath.Join(root, "etc/systemd/system/haproxy.service.d/restart.conf")); err != nil || !strings.Contains(string(drop), "Restart=always") {
		t.Errorf("systemd does not bring HAProxy back: %v\n%s", err, drop)
	}
}
