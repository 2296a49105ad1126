package lambdaruntime_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

func listen(t *testing.T) *lambdaruntime.API {
	t.Helper()
	api, err := lambdaruntime.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	return api
}

// request sends a request and returns what is answered.
func request(t *testing.T, method, url, token, body string) (status int, header http.Header, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Aws-Parameters-Secrets-Token", token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(content)
}

// call is a request of a function.
func call(t *testing.T, e *lambdaruntime.Environment, method, path, body string) (status int, id, answer string) {
	t.Helper()
	status, header, answer := request(t, method, "http://"+e.Address()+"/2018-06-01/runtime/"+path, "", body)
	return status, header.Get("Lambda-Runtime-Aws-Request-Id"), answer
}

// hand starts an invocation and returns what will be its answer.
func hand(t *testing.T, e *lambdaruntime.Environment, event string, timeout time.Duration) <-chan lambdaruntime.Answer {
	t.Helper()
	answers := make(chan lambdaruntime.Answer, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if answer, err := e.Invoke(ctx, []byte(event), timeout); err == nil {
			answers <- answer
		}
		close(answers)
	}()
	return answers
}

func TestAnEventGoesToItsEnvironmentAndItsAnswerComesBack(t *testing.T) {
	api := listen(t)
	first, second := api.NewEnvironment(), api.NewEnvironment()
	answers := hand(t, second, "event", time.Minute)
	_, id, event := call(t, second, "GET", "invocation/next", "")
	if event != "event" {
		t.Errorf("got %q", event)
	}
	if status, _, _ := call(t, first, "POST", "invocation/"+id+"/response", "mine"); status != 400 {
		t.Errorf("another environment's answer got %d", status)
	}
	if status, _, _ := call(t, second, "POST", "invocation/"+id+"/response", "answer"); status != 202 {
		t.Errorf("the answer got %d", status)
	}
	if status, _, _ := call(t, second, "POST", "invocation/"+id+"/response", "again"); status != 400 {
		t.Errorf("a second answer got %d", status)
	}
	if got := <-answers; string(got.Payload) != "answer" || got.Error != nil || got.RequestID != id || got.Took <= 0 {
		t.Errorf("got %+v", got)
	}
}

func TestAnErrorComesBackAsOne(t *testing.T) {
	e := listen(t).NewEnvironment()
	answers := hand(t, e, "event", time.Minute)
	_, id, _ := call(t, e, "GET", "invocation/next", "")
	call(t, e, "POST", "invocation/"+id+"/error", `{"errorMessage":"m","errorType":"T"}`)
	if got := <-answers; got.Error == nil || *got.Error != (lambdaruntime.FunctionError{Type: "T", Message: "m"}) {
		t.Errorf("got %+v", got)
	}
}

func TestAnEventThatTakesTooLongEndsItsEnvironment(t *testing.T) {
	e := listen(t).NewEnvironment()
	answers := hand(t, e, "event", 50*time.Millisecond)
	call(t, e, "GET", "invocation/next", "")
	if got := <-answers; got.Error == nil || got.Error.Type != "Sandbox.Timedout" {
		t.Errorf("got %+v", got)
	}
	if got := <-hand(t, e, "event", time.Minute); got.Error == nil {
		t.Errorf("got %+v", got)
	}
}

func TestAnInitErrorEndsTheEnvironment(t *testing.T) {
	e := listen(t).NewEnvironment()
	call(t, e, "POST", "init/error", `{"errorMessage":"no variable","errorType":"T"}`)
	if err := e.Ready(t.Context()); err == nil || err.Error() != "T: no variable" {
		t.Errorf("got %v", err)
	}
}

func TestAProcessThatEndsAnswersAsLambdaDoes(t *testing.T) {
	no, err := exec.LookPath("false")
	if err != nil {
		t.Skip("needs the program false")
	}
	p, err := listen(t).Start(no, nil, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if got := <-hand(t, p.Environment, "event", time.Minute); got.Error == nil || got.Error.Type != "Runtime.ExitError" ||
		!strings.Contains(got.Error.Message, "exit status 1") {
		t.Errorf("got %+v", got)
	}
	p.Stop()
}

func TestAFunctionGetsItsNameItsARNAndTheRequestsID(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("needs the program curl")
	}
	// A function in shell: it answers its event with its name and ARN.
	script := "#!/bin/sh\nset -e\nbase=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation\n" +
		"head=$(" + curl + " -sS -D - -o /dev/null $base/next | tr -d '\\r')\n" +
		"id=$(echo \"$head\" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')\n" +
		"arn=$(echo \"$head\" | sed -n 's/^[Ll]ambda-[Rr]untime-[Ii]nvoked-[Ff]unction-[Aa]rn: //p')\n" +
		curl + " -sS -d \"$AWS_LAMBDA_FUNCTION_NAME $arn\" $base/$id/response\nexec sleep 60\n"
	binary := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(binary, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	f := lambdaruntime.Function{Name: "sender", ARN: "arn:aws:lambda:us-east-1:123456789012:function:sender"}
	p, err := listen(t).StartFunction(f, binary, []string{"PATH=" + os.Getenv("PATH")}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	answer, err := p.InvokeAs(t.Context(), "request-1", []byte("{}"), time.Minute)
	if err != nil || answer.Error != nil || answer.RequestID != "request-1" || string(answer.Payload) != f.Name+" "+f.ARN {
		t.Errorf("got %+v, %v, %s", answer, err, answer.Payload)
	}
}
