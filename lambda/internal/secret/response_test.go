package secret_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAnErrorNamesWhatToCheckAndHoldsNoValue(t *testing.T) {
	closed := environment("1") // nothing listens on a port that only root could take
	hanging, _ := extension(t, hang)
	broken, _ := extension(t, answer(500, password))
	denied, _ := extension(t, answer(400, "api error AccessDeniedException: "+password))
	text, _ := extension(t, value(password))
	number, _ := extension(t, value(`{"username":"app","password":12345678}`))
	none, _ := extension(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"SecretBinary":%q}`, password) })
	html, _ := extension(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<"+password) })
	for name, c := range map[string]struct {
		getenv func(string) string
		want   string
	}{
		"refused":    {closed, "is its layer attached"},
		"silent":     {hanging, "did not answer in time: check the VPC endpoint of Secrets Manager, at port 443"},
		"broken":     {broken, "answered 500: check the VPC endpoint"},
		"denied":     {denied, "answered 400 AccessDeniedException: check the function's role"},
		"no JSON":    {text, "SecretString is not the JSON of a *contract.DatabaseSecret"},
		"wrong type": {number, "SecretString is not the JSON of a *contract.DatabaseSecret"},
		"no string":  {none, "holds no SecretString"},
		"no answer":  {html, "holds no SecretString"},
	} {
		_, err := get(t, c.getenv, 2*time.Second)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), arn) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		} else if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "12345678") {
			t.Errorf("%s: the error holds the value: %v", name, err)
		}
	}
}
