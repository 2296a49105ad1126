package dataplane

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"scheduled-messages/infra/sandbox/sigv4"
)

// ask is a call to AWS that the sandbox itself never makes.
func (f *fixture) ask(service, method, path, contentType string, header map[string]string, body string) string {
	f.t.Helper()
	request, err := http.NewRequestWithContext(f.t.Context(), method, f.options.Endpoint+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	if err := f.options.Keys.Sign(request, []byte(body), sigv4.Scope{Region: region, Service: service}); err != nil {
		f.t.Fatal(err)
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
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"}}})
	if err != nil {
		f.t.Fatal(err)
	}
	f.iam(url.Values{"Action": {"CreateRole"}, "RoleName": {name}, "AssumeRolePolicyDocument": {trustOf(service)}})
	f.iam(url.Values{"Action": {"PutRolePolicy"}, "RoleName": {name}, "PolicyName": {"p"}, "PolicyDocument": {string(policy)}})
}

// trust gives a role to another service.
func (f *fixture) trust(role, service string) {
	f.t.Helper()
	f.iam(url.Values{"Action": {"UpdateAssumeRolePolicy"}, "RoleName": {role}, "PolicyDocument": {trustOf(service)}})
}

func (f *fixture) iam(form url.Values) {
	f.t.Helper()
	form.Set("Version", "2010-05-08")
	f.ask("iam", http.MethodPost, "/", "application/x-www-form-urlencoded", nil, form.Encode())
}

func trustOf(service string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": %q}}]}`, service)
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

// deadMessage is what was received from a queue.
type deadMessage struct {
	Body              string
	MessageAttributes map[string]struct{ StringValue string }
}

// message waits for a message about something in a queue, in which there may be JSON in JSON. What else it receives meanwhile is
// kept for who waits for that, since the queue hides it.
func (f *fixture) message(queue, about string) (body string, attributes map[string]string) {
	f.t.Helper()
	attributes = map[string]string{}
	eventually(f.t, about+" in "+queue, func() bool {
		var got struct{ Messages []deadMessage }
		answer := f.sqs("ReceiveMessage", fmt.Sprintf(`{"QueueUrl": "%s/123456789012/%s", "MaxNumberOfMessages": 10,
			"MessageAttributeNames": ["All"]}`, f.options.Endpoint, queue))
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			f.t.Fatal(err)
		}
		f.received[queue] = append(f.received[queue], got.Messages...)
		for _, message := range f.received[queue] {
			if strings.Contains(strings.ReplaceAll(message.Body, `\`, ""), `"`+about+`"`) {
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
