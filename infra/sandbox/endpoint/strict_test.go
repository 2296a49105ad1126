package endpoint

import (
	"net/http"
	"strings"
	"testing"
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
	for _, query := range []string{"X-Amz-Credential=test/20260101/us-east-1/s3/aws4_request&X-Amz-Signature=none", "AWSAccessKeyId=test&Expires=1&Signature=none"} {
		response, err := http.Get(c.url + "/a-bucket?list-type=2&" + query)
		if err != nil {
			c.t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			c.t.Errorf("%s: %s", query, response.Status)
		}
	}
}

func motosPagesPass(c *client) {
	header := http.Header{"Content-Type": {"application/json"}}
	if status, answer := c.do("", http.MethodPost, "/moto-api/config", header, `{"lambda": {"use_docker": false}}`); status != http.StatusCreated {
		c.t.Errorf("%d %s", status, answer)
	}
}
