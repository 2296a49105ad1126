package main

import (
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// TestCompiledStatusAnswersThroughRotationsAndCutConnections runs the function as Lambda does. The secret holds another
// password than the server at first, and the server cuts the connection that was kept.
func TestCompiledStatusAnswersThroughRotationsAndCutConnections(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		c, out := lambdatest.StartCloud(t), &lambdatest.Output{}
		p := c.Run(t, lambdatest.Build(t, "."), environment(s), out)
		invoke := func(question string) map[string]any {
			t.Helper()
			answer := lambdatest.Invoke(t, p, question, lambdatest.Timeout)
			if answer.Error != nil {
				t.Fatal(answer.Error)
			}
			return fields(t, answer.Payload)
		}
		first := invoke("{}")
		s.SetPassword(t, lambdatest.ReaderUser, "Another-pass_word:1")
		c.Extension.Put(lambdatest.ReaderSecretARN, lambdatest.SecretJSON(lambdatest.ReaderUser, "Another-pass_word:1"))
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

// environment is the function's.
func environment(s *mysqltest.Server) lambdatest.Environment {
	return lambdatest.DatabaseEnvironment(s, contract.EnvDBReaderSecretARN, lambdatest.ReaderSecretARN)
}

func TestAMissingVariableIsNamed(t *testing.T) {
	complete := environment(&mysqltest.Server{Host: "localhost", Port: 3306})
	for _, name := range []string{
		contract.EnvDBHost, contract.EnvDBPort, contract.EnvDBName, contract.EnvDBReaderSecretARN, contract.EnvDBMaxIdleSeconds, contract.EnvOverdueSeconds,
	} {
		_, err := newHandler(complete.With(name, "").Getenv, nil)
		if err == nil || !strings.Contains(err.Error(), name+" is ") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
