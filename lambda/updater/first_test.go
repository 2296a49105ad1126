package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/internal/tlsroots"
)

// BenchmarkFirst is what an environment costs until its first status, part by part: its start, which is the handler and
// the reading of the authorities, then the secret, and the connection with TLS and login.
func BenchmarkFirst(b *testing.B) {
	s := lambdatest.Prepare(b, mysqltest.StartMariaDB(b, mysqltest.Arguments("--general-log=OFF")))
	file := lambdatest.Authorities(b, s.CAFile, tlsroots.Bundles)
	b.Run("handler", func(b *testing.B) {
		getenv := func(name string) string {
			return map[string]string{contract.EnvDBHost: "h", contract.EnvDBPort: "3306", contract.EnvDBName: "d",
				contract.EnvDBSecretARN: lambdatest.AppSecretARN, contract.EnvDBMaxIdleSeconds: "55", contract.EnvSenderARN: lambdatest.SenderARN, contract.EnvOverdueSeconds: "4500"}[name]
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := newHandler(getenv, jsonlog.New(os.Stdout)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("authorities", func(b *testing.B) {
		for b.Loop() {
			text, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			if !x509.NewCertPool().AppendCertsFromPEM(text) {
				b.Fatal("no authorities")
			}
		}
	})
	b.Run("secret", func(b *testing.B) {
		value, err := json.Marshal(map[string]string{"SecretString": lambdatest.SecretJSON(lambdatest.AppUser, lambdatest.AppPassword)})
		if err != nil {
			b.Fatal(err)
		}
		extension := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(value) }))
		defer extension.Close()
		port := extension.URL[strings.LastIndexByte(extension.URL, ':')+1:]
		client := secret.NewClient(func(name string) string {
			return map[string]string{"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": port}[name]
		})
		for b.Loop() {
			var into contract.DatabaseSecret
			if err := client.Get(b.Context(), lambdatest.AppSecretARN, &into); err != nil || into.Password != lambdatest.AppPassword {
				b.Fatal(err)
			}
		}
	})
	b.Run("connection", func(b *testing.B) {
		server := mysql.Server{Host: s.Host, Port: s.Port, Name: lambdatest.Database}
		pool := mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.AppSecretARN, time.Hour, &tls.Config{RootCAs: s.Roots})
		for b.Loop() {
			err := pool.Do(b.Context(), func(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) })
			if err != nil {
				b.Fatal(err)
			}
			pool.Close()
		}
	})
}
