package endpoint

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/sigv4"
)

// client asks an endpoint as AWS's SDKs do.
type client struct {
	t    *testing.T
	url  string
	keys sigv4.Keys
}

// start starts an endpoint for a test.
func start(t *testing.T, o Options) *Endpoint {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH: pip install 'moto[server]==5.2.1'")
	}
	o.Listen = "127.0.0.1:0"
	e, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// versions are those of the APIs that name one.
var versions = map[string]string{"ec2": "2016-11-15", "rds": "2014-10-31", "iam": "2010-05-08"}

// do sends one request and gives the answer with its status.
func (c *client) do(service, method, path string, header http.Header, body string) (int, string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	return c.send(service, request, body)
}

// send signs and sends a request with a body.
func (c *client) send(service string, request *http.Request, body string) (int, string) {
	c.t.Helper()
	if err := c.keys.Sign(request, []byte(body), sigv4.Scope{Region: "us-east-1", Service: service}); err != nil {
		c.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func (c *client) ok(service, method, path string, header http.Header, body string) string {
	c.t.Helper()
	status, answer := c.do(service, method, path, header, body)
	if status >= 300 {
		c.t.Fatalf("%s %s %s: %d\n%s", service, path, body, status, answer)
	}
	return answer
}

var isForm = http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}

// form asks in the protocol of EC2, IAM and RDS; pairs are a parameter and its value by turns.
func (c *client) form(service, action string, pairs ...string) string {
	c.t.Helper()
	return c.ok(service, http.MethodPost, "/", isForm, formOf(service, action, pairs...))
}

func formOf(service, action string, pairs ...string) string {
	form := url.Values{"Action": {action}, "Version": {versions[service]}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

// rest asks in the protocol of Lambda and gives the answer's members. Without an input, nothing is sent.
func (c *client) rest(method, path string, input any) map[string]any {
	c.t.Helper()
	var body []byte
	if input != nil {
		var err error
		if body, err = json.Marshal(input); err != nil {
			c.t.Fatal(err)
		}
	}
	answer := c.ok("lambda", method, path, http.Header{"Content-Type": {"application/json"}}, string(body))
	output := map[string]any{}
	if answer != "" {
		if err := json.Unmarshal([]byte(answer), &output); err != nil {
			c.t.Fatalf("%v: %s", err, answer)
		}
	}
	return output
}

// first is what is between the first <element> and </element> of an answer.
func (c *client) first(answer, element string) string {
	c.t.Helper()
	match := regexp.MustCompile(`<` + element + `>([^<]*)</`).FindStringSubmatch(answer)
	if match == nil {
		c.t.Fatalf("no %s in %s", element, answer)
	}
	return match[1]
}

// network makes a VPC with a number of subnets.
func (c *client) network(subnets int) (vpc string, ids []string) {
	c.t.Helper()
	vpc = c.first(c.form("ec2", "CreateVpc", "CidrBlock", "10.1.0.0/16"), "vpcId")
	for i := range subnets {
		number := string(rune('0' + i))
		ids = append(ids, c.first(c.form("ec2", "CreateSubnet", "VpcId", vpc, "CidrBlock", "10.1."+number+".0/24",
			"AvailabilityZone", "us-east-1"+string(rune('a'+i))), "subnetId"))
	}
	return vpc, ids
}

// role makes a role that Lambda may take.
func (c *client) role(name string) string {
	c.t.Helper()
	return c.first(c.form("iam", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`), "Arn")
}
