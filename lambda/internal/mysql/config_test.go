package mysql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func getenv(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestTheServerIsReadFromTheEnvironment(t *testing.T) {
	got, err := ReadSettings(getenv(map[string]string{"DB_HOST": "h", "DB_PORT": "3306", "DB_NAME": "d"}))
	if want := (Server{"h", 3306, "d"}); err != nil || got.Server != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAllThatIsWrongWithTheEnvironmentIsNamed(t *testing.T) {
	for _, port := range []string{"", "0", "-1", "65536", "3306 ", "x"} {
		_, err := ReadSettings(getenv(map[string]string{"DB_PORT": port}))
		if err == nil {
			t.Fatalf("port %q was taken", port)
		}
		for _, name := range []string{"DB_HOST", "DB_PORT", "DB_NAME"} {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("port %q: no %s in %v", port, name, err)
			}
		}
	}
}

func TestNothingInAConfigPinsTheProxysConnections(t *testing.T) {
	config := Config(contract.DatabaseSecret{Username: "u", Password: "p"}, Server{"h", 3306, "d"}, nil)
	if !config.InterpolateParams || config.MultiStatements || len(config.Params) > 0 || config.Collation != "" {
		t.Errorf("got %+v", config)
	}
	if strings.Contains(config.FormatDSN(), "charset") || config.MaxAllowedPacket == 0 {
		t.Errorf("the driver will ask or set variables: %s", config.FormatDSN())
	}
}

func TestTheCertificateIsAlwaysVerifiedForTheHost(t *testing.T) {
	for name, trust := range map[string]*tls.Config{"none": nil, "empty": {}, "careless": {InsecureSkipVerify: true}} {
		config := Config(contract.DatabaseSecret{}, Server{"proxy.example", 3306, "d"}, trust)
		got := config.TLS
		if got == nil || got.InsecureSkipVerify || got.ServerName != "proxy.example" || got.MinVersion < tls.VersionTLS12 {
			t.Errorf("%s: got %+v", name, got)
		}
		if config.AllowFallbackToPlaintext || config.AllowCleartextPasswords || config.AllowOldPasswords {
			t.Errorf("%s: a server may ask for less", name)
		}
	}
}

func TestTheSecretsHostIsNotLookedAt(t *testing.T) {
	secret := contract.DatabaseSecret{Username: "u", Password: "p", Host: "cluster", Port: 1, DBName: "other"}
	config := Config(secret, Server{"proxy", 3306, "d"}, nil)
	if config.Addr != "proxy:3306" || config.DBName != "d" || config.User != "u" || config.Passwd != "p" {
		t.Errorf("got %+v", config)
	}
}

func TestACertificateOfAnotherAuthorityOrHostIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		server, keys := Server{s.Host, s.Port, "d"}, &secrets{passwords: []string{"right"}}
		for name, trust := range map[string]*tls.Config{
			"another authority": {RootCAs: x509.NewCertPool()},
			"another host":      {RootCAs: s.Roots, ServerName: "proxy.example"},
		} {
			p := NewPool(server, keys, "arn", time.Hour, trust)
			defer p.Close()
			_, err := connection(t, p)
			if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}
