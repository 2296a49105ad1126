package dataplane

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/lambda/mysqlserver"
	"scheduled-messages/lambda/runtimetest"
)

const (
	region  = "us-east-1"
	self    = "arn:aws:iam::123456789012:role/"
	lambdas = "arn:aws:lambda:us-east-1:123456789012:function:"
	queues  = "arn:aws:sqs:us-east-1:123456789012:"
)

// fixture is an AWS account at a local endpoint, with a data plane.
type fixture struct {
	t       *testing.T
	cloud   *cloud.Client
	options Options
	code    string // a zip in base64
	tries   string // the functions' folder
	stop    func()
}

// newFixture brings up a local AWS and a data plane for it.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH")
	}
	port, err := mysqlserver.FreePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	ctx, cancel := context.WithCancel(context.Background())
	aws, err := endpoint.Start(ctx, endpoint.Options{Listen: "127.0.0.1:0", Functions: "http://" + address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = aws.Wait() })
	f := &fixture{t: t, cloud: cloud.New(aws.URL(), region), tries: t.TempDir(), code: zipped(t), options: Options{
		Endpoint: aws.URL(), Region: region, Listen: address, Folder: t.TempDir(), Speed: 1000, Concurrency: 4,
	}}
	f.start()
	t.Cleanup(func() { f.stop() })
	return f
}

// start starts a data plane, which goes on with what the one before left.
func (f *fixture) start() {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, f.options) }()
	f.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	})
	eventually(f.t, "the data plane answers", func() bool {
		response, err := http.Get("http://" + f.options.Listen)
		if err == nil {
			response.Body.Close()
		}
		return err == nil
	})
}

func zipped(t *testing.T) string {
	t.Helper()
	binary, err := runtimetest.Build("testdata/function", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	entry, err := w.Create("bootstrap")
	if err == nil {
		err = copyFile(entry, binary)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// ask is a call to AWS that the sandbox itself never makes.
func (f *fixture) ask(service, method, path, contentType string, header map[string]string, body string) string {
	f.t.Helper()
	request, err := http.NewRequestWithContext(f.t.Context(), method, f.options.Endpoint+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=none")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		f.t.Fatalf("%s %s: %s %v %s", method, path, response.Status, err, text)
	}
	return string(text)
}

// role makes a role that a service may take, and that may do something to anything.
func (f *fixture) role(name, service string, actions ...string) {
	f.t.Helper()
	trust := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": %q}}]}`, service)
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"}}})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, form := range []url.Values{
		{"Action": {"CreateRole"}, "RoleName": {name}, "AssumeRolePolicyDocument": {trust}},
		{"Action": {"PutRolePolicy"}, "RoleName": {name}, "PolicyName": {"p"}, "PolicyDocument": {string(policy)}},
	} {
		form.Set("Version", "2010-05-08")
		f.ask("iam", http.MethodPost, "/", "application/x-www-form-urlencoded", nil, form.Encode())
	}
}

// function makes a function with its asynchronous rules, a JSON object.
func (f *fixture) function(name, role, rules string) {
	f.t.Helper()
	f.ask("lambda", http.MethodPost, "/2015-03-31/functions", "application/json", nil, fmt.Sprintf(
		`{"FunctionName": %q, "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": %q, "Timeout": 60,
		"Architectures": ["x86_64"], "Environment": {"Variables": {"TRIES": %q, "VERSION": "1"}}, "Code": {"ZipFile": %q}}`,
		name, self+role, f.tries, f.code))
	if rules != "" {
		f.ask("lambda", http.MethodPut, "/2019-09-25/functions/"+name+"/event-invoke-config", "application/json", nil, rules)
	}
}

func (f *fixture) queue(name string) {
	f.t.Helper()
	f.sqs("CreateQueue", fmt.Sprintf(`{"QueueName": %q}`, name))
}

func (f *fixture) sqs(operation, body string) string {
	f.t.Helper()
	return f.ask("sqs", http.MethodPost, "/", "application/x-amz-json-1.0", map[string]string{"X-Amz-Target": "AmazonSQS." + operation}, body)
}

// letter waits for a message about something in a queue.
func (f *fixture) letter(queue, about string) (body string, attributes map[string]string) {
	f.t.Helper()
	attributes = map[string]string{}
	eventually(f.t, about+" in "+queue, func() bool {
		var got struct {
			Messages []struct {
				Body              string
				MessageAttributes map[string]struct{ StringValue string }
			}
		}
		answer := f.sqs("ReceiveMessage", fmt.Sprintf(`{"QueueUrl": "%s/123456789012/%s", "MessageAttributeNames": ["All"]}`, f.options.Endpoint, queue))
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			f.t.Fatal(err)
		}
		for _, message := range got.Messages {
			if strings.Contains(message.Body, `"`+about+`"`) {
				body = message.Body
				for name, attribute := range message.MessageAttributes {
					attributes[name] = attribute.StringValue
				}
				return true
			}
		}
		return false
	})
	return body, attributes
}

// send invokes a function asynchronously.
func (f *fixture) send(function, event string) {
	f.t.Helper()
	f.ask("lambda", http.MethodPost, "/2015-03-31/functions/"+function+"/invocations", "application/json", map[string]string{"X-Amz-Invocation-Type": "Event"}, event)
}

// lines is what the trace says of a message.
func (f *fixture) lines(message string) (lines []Line) {
	f.t.Helper()
	text, err := readFile(f.options.Folder + "/" + TraceFile)
	if err != nil {
		f.t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var l Line
		if err := json.Unmarshal(line, &l); err != nil {
			f.t.Fatalf("%s: %v", line, err)
		}
		if l.Message == message {
			lines = append(lines, l)
		}
	}
	return lines
}

// until waits for a kind of line about a message.
func (f *fixture) until(message string, kind Kind) (found Line) {
	f.t.Helper()
	eventually(f.t, message+" is "+string(kind), func() bool {
		for _, l := range f.lines(message) {
			if l.Kind == kind {
				found = l
				return true
			}
		}
		return false
	})
	return found
}

// at is the expression of a time.
func at(when time.Time) string { return "at(" + when.UTC().Format("2006-01-02T15:04:05") + ")" }

func copyFile(w io.Writer, path string) error {
	content, err := os.ReadFile(path)
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}
