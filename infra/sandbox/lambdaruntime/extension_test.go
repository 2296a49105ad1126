package lambdaruntime_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

func listenExtension(t *testing.T, api *lambdaruntime.API) *lambdaruntime.Extension {
	t.Helper()
	x, err := lambdaruntime.ListenExtension(api)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// ask asks the extension for a secret.
func ask(t *testing.T, x *lambdaruntime.Extension, token string) (status int, text string) {
	t.Helper()
	status, _, text = request(t, http.MethodGet, "http://127.0.0.1:"+x.Port()+"/secretsmanager/get?secretId=arn", token, "")
	return status, text
}

func TestAnEnvironmentCannotBeGuessed(t *testing.T) {
	api := listen(t)
	x := listenExtension(t, api)
	e := api.NewEnvironment()
	host, _, _ := strings.Cut(e.Address(), "/")
	for id, want := range map[string]int{"environment-1": http.StatusUnauthorized, e.ID(): http.StatusBadRequest} { // too early
		if status, _ := ask(t, x, id); status != want {
			t.Errorf("a secret for %s: %d", id, status)
		}
	}
	status, _, _ := request(t, http.MethodGet, "http://"+host+"/environment-1/2018-06-01/runtime/invocation/next", "", "")
	if status != http.StatusNotFound {
		t.Errorf("an event for environment-1: %d", status)
	}
}

func TestTheExtensionRefusesBeforeTheFirstEvent(t *testing.T) {
	api := listen(t)
	x := listenExtension(t, api)
	x.Put("arn", "value")
	e := api.NewEnvironment()
	if status, _ := ask(t, x, "nobody"); status != 401 {
		t.Errorf("a wrong token got %d", status)
	}
	if status, text := ask(t, x, e.ID()); status != 400 || !strings.Contains(text, "not ready") {
		t.Errorf("got %d %q", status, text)
	}
	hand(t, e, "event", time.Minute)
	call(t, e, "GET", "invocation/next", "")
	if status, text := ask(t, x, e.ID()); status != 200 || !strings.Contains(text, `"SecretString":"value"`) {
		t.Errorf("got %d %q", status, text)
	}
	if all, early := x.Asked(); all != 3 || early != 1 {
		t.Errorf("got %d, %d of them early", all, early)
	}
}
