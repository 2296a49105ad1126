package config_test

import (
	"encoding/json"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/lambda/contract"
)

func TestHostsThatNoDeliveryCanReachAreRefused(t *testing.T) {
	for _, host := range []string{
		"localhost", "localhost:8443", "printer.local", "metadata.google.internal", "ip-10-0-0-5.ec2.internal:443", "hooks", "intranet:8443",
		"a.home.arpa", "x.localhost", "router.lan", "hooks.test", "hooks.example", "hooks.invalid",
		"127.0.0.1", "127.255.0.1:8443", "0.0.0.0", "10.0.0.5", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254", "169.254.170.2:80",
		"100.64.0.1", "100.127.255.254", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
	} {
		text, err := json.Marshal([]string{host})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := config.Hosts(false)(string(text)); err == nil {
			t.Errorf("%s is taken", host)
		}
	}
}

func TestHostsOnTheInternetAreTaken(t *testing.T) {
	for _, host := range []string{
		"hooks.example.com", "hooks.example.com:8443", "xn--bcher-kva.com", "8.8.8.8", "54.240.0.1:8443", "internal.example.com",
		"localhost.example.com", "mylocal", "local.example.org:65535",
	} {
		text, err := json.Marshal([]string{host})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := config.Hosts(false)(string(text)); (err == nil) != (host != "mylocal") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestOnlyTheSandboxMaySendToTheMachineItself(t *testing.T) {
	changes := map[string]string{"channels": `["webhook"]`, "webhookAllowedHosts": `["localhost:8443","127.0.0.1:9000"]`}
	for value, taken := range map[string]bool{"": false, "yes": false, "true": true} {
		t.Setenv(contract.EnvWebhookUnsafeAllowLoopback, value)
		if _, err := infratest.Load(infratest.Settings(t, changes)); (err == nil) != taken {
			t.Errorf("%q: %v", value, err)
		}
	}
	if _, err := config.Hosts(true)(`["10.0.0.5"]`); err == nil {
		t.Error("a private address is taken in the sandbox")
	}
}

func TestHostsFillLambdasVariablesAndNoMore(t *testing.T) {
	for bytes, taken := range map[int]bool{config.HostsBytes: true, config.HostsBytes + 1: false} {
		text := infratest.ManyHosts(bytes)
		var names []string
		if err := json.Unmarshal([]byte(text), &names); err != nil || len(strings.Join(names, ",")) != bytes {
			t.Fatalf("%d bytes, not %d: %v", len(strings.Join(names, ",")), bytes, err)
		}
		if _, err := infratest.Load(infratest.Settings(t, map[string]string{"channels": `["webhook"]`, "webhookAllowedHosts": text})); (err == nil) != taken {
			t.Errorf("%d bytes: %v", bytes, err)
		}
	}
}
