package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

func TestAPasswordIsOfTheLettersThatTheProgramTakes(t *testing.T) {
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"
	seen, passwords := map[rune]int{}, map[string]bool{}
	for range 1000 {
		password, err := newPassword()
		if err != nil || len(password) != 32 || passwords[password] {
			t.Fatalf("got %q, %v", password, err)
		}
		passwords[password] = true
		for _, letter := range password {
			seen[letter]++
		}
	}
	for _, letter := range alphabet { // 485 times each, on average; a fair one is below 300 in 10^-17 of all runs
		if seen[letter] < 300 {
			t.Errorf("%c came %d times", letter, seen[letter])
		}
		delete(seen, letter)
	}
	if len(seen) > 0 {
		t.Errorf("other characters: %v", seen)
	}
}

func TestAValueThatIsNoDatabaseSecretIsAnErrorThatDoesNotQuoteIt(t *testing.T) {
	for _, text := range []string{
		"", "Unmistakable-3", `{"username":"app","password":Unmistakable-3}`, `{"username":"app"}`,
		`{"password":"Unmistakable-3"}`, `{"username":"app","password":"Unmistakable-3","username":7}`, `["Unmistakable-3"]`,
	} {
		if _, err := parse(text); err == nil || strings.Contains(err.Error(), "Unmistakable") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// refusing answers every operation with an error of AWS's.
func refusing(t *testing.T, status int, body string) (v *secretsClient, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return newSecretsClient(func(name string) string {
		return map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_SECRETS_MANAGER": server.URL, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}[name]
	}), asked
}

func TestAnAnswerThatForbidsIsAnErrorThatNamesTheOperation(t *testing.T) {
	v, asked := refusing(t, 400, `{"__type":"AccessDeniedException","message":"not authorized to perform: secretsmanager:PutSecretValue"}`)
	err := v.put(t.Context(), event{SecretID: lambdatest.AppSecretARN, ClientRequestToken: "t"}, `{"password":"Unmistakable-4"}`)
	if err == nil || !strings.Contains(err.Error(), "PutSecretValue") || !strings.Contains(err.Error(), "AccessDeniedException") ||
		strings.Contains(err.Error(), "Unmistakable") || asked.Load() != 1 {
		t.Errorf("asked %d times, got %v", asked.Load(), err)
	}
}

func TestAServiceThatFailsIsAskedAgain(t *testing.T) {
	v, asked := refusing(t, 500, `{"__type":"InternalServiceError"}`)
	var secret contract.DatabaseSecret
	if err := v.Get(t.Context(), lambdatest.AppSecretARN, &secret); err == nil || asked.Load() != 3 {
		t.Errorf("asked %d times, got %v", asked.Load(), err)
	}
}
