package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// TestCompiledStatusAnswersThroughRotationsAndCutConnections runs the function as Lambda does. The secret holds another
// password than the server at first, and the server cuts the connection that was kept.
func TestCompiledStatusAnswersThroughRotationsAndCutConnections(t *testing.T) {
	each(t, func(t *testing.T, s *mysqltest.Server) {
		api, extension := lambdatest.Start(t)
		put := func(password string) {
			extension.Put(secretARN, fmt.Sprintf(`{"username":%q,"password":%q}`, readerUser, password))
		}
		put(readerPassword)
		out := new(lambdaruntime.Output)
		p, err := api.Start(lambdatest.Build(t, "."), environ(s, extension.Port()), out)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Stop)
		invoke := func(question string) map[string]any {
			t.Helper()
			answer, err := p.Invoke(t.Context(), []byte(question), time.Minute)
			if err != nil || answer.Error != nil {
				t.Fatal(err, answer.Error)
			}
			return fields(t, answer.Payload)
		}
		first := invoke("{}")
		s.SetPassword(t, readerUser, "Another-pass_word:1")
		put("Another-pass_word:1")
		s.Kill(t, int64(first["connectionId"].(float64))) // an open connection outlives its password
		second := invoke("{}")
		if first["ok"] != true || second["ok"] != true || first["connectionId"] == second["connectionId"] {
			t.Errorf("got %v, then %v", first, second)
		}
		if got := invoke(`{"id":"m"}`); got["ok"] != true || got["message"] != nil {
			t.Errorf("got %v", got)
		}
		p.Stop() // and all that it printed is there
		if n := strings.Count(out.String(), "\n"); n != 3 || strings.Contains(out.String(), "pass") {
			t.Errorf("%d lines:\n%s", n, out)
		}
	})
}

// environ is the function's environment.
func environ(s *mysqltest.Server, extension string) []string {
	return []string{
		contract.EnvDBHost + "=localhost", contract.EnvDBPort + "=" + strconv.Itoa(s.Port), contract.EnvDBName + "=" + databaseName,
		contract.EnvDBReaderSecretARN + "=" + secretARN, contract.EnvDBMaxIdleSeconds + "=45",
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=" + extension, "SSL_CERT_FILE=" + s.CAFile,
	}
}

func TestAMissingVariableIsNamed(t *testing.T) {
	complete := map[string]string{}
	for _, variable := range environ(&mysqltest.Server{Port: 3306}, "1") {
		name, value, _ := strings.Cut(variable, "=")
		complete[name] = value
	}
	for _, name := range []string{contract.EnvDBHost, contract.EnvDBPort, contract.EnvDBName, contract.EnvDBReaderSecretARN, contract.EnvDBMaxIdleSeconds} {
		_, err := newHandler(func(asked string) string {
			if asked == name {
				return ""
			}
			return complete[asked]
		}, nil)
		if err == nil || !strings.Contains(err.Error(), name+" is ") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
