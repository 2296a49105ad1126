package endpoint

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/sigv4"
)

// TestTheFrontRefusesWhatAWSRefuses runs against one real moto, which would accept each of the requests or fail at it.
func TestTheFrontRefusesWhatAWSRefuses(t *testing.T) {
	e := start(t, Options{})
	for _, property := range []struct {
		name string
		test func(*client)
	}{
		{"what is refused never reaches moto", wrongNeverReachesMoto},
		{"what is signed for no service is refused", unsignedIsRefused},
		{"an address may be signed", addressesAreSigned},
		{"Scheduler refuses expressions, zones, inputs, groups and roles", wrongSchedules},
		{"Scheduler keeps groups, client tokens and what an update sets", schedulesInGroups},
		{"the inline policies of a role count together", inlinePolicies},
		{"moto's own pages are no request for AWS", motosPagesPass},
	} {
		t.Run(property.name, func(t *testing.T) { property.test(&client{t, e.URL(), e.Keys()}) })
	}
}

func wrongNeverReachesMoto(c *client) {
	input := formOf("iam", "CreateRole", "RoleName", "two words", "AssumeRolePolicyDocument", "{}")
	status, answer := c.do("iam", http.MethodPost, "/", isForm, input)
	if status != http.StatusBadRequest || !strings.Contains(answer, "<Code>ValidationError</Code>") {
		c.t.Errorf("%d %s", status, answer)
	}
	if answer := c.form("iam", "ListRoles"); strings.Contains(answer, "two words") {
		c.t.Errorf("moto made it: %s", answer)
	}
}

func unsignedIsRefused(c *client) {
	if status, answer := c.do("", http.MethodPost, "/", isForm, formOf("iam", "ListRoles")); status != http.StatusForbidden {
		c.t.Errorf("%d %s", status, answer)
	}
}

func addressesAreSigned(c *client) {
	c.ok("s3", http.MethodPut, "/a-bucket", nil, "")
	c.ok("s3", http.MethodPut, "/a-bucket/a/key", nil, "content")
	address, err := c.keys.Presign(c.t.Context(), c.url+"/a-bucket/a/key", sigv4.Scope{Region: "us-east-1", Service: "s3"}, time.Minute)
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := http.Get(address)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if content, err := io.ReadAll(response.Body); err != nil || string(content) != "content" {
		c.t.Errorf("%s %v: %s", response.Status, err, content)
	}
}

func motosPagesPass(c *client) {
	header := http.Header{"Content-Type": {"application/json"}}
	if status, answer := c.do("", http.MethodPost, "/moto-api/config", header, `{"lambda": {"use_docker": false}}`); status != http.StatusCreated {
		c.t.Errorf("%d %s", status, answer)
	}
}
