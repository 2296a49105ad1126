package endpoint

import (
	"net/http"
	"strings"
)

// secret asks Secrets Manager.
func (c *client) secret(operation, input string) string {
	c.t.Helper()
	return c.ok("secretsmanager", http.MethodPost, "/", http.Header{"Content-Type": {"application/x-amz-json-1.1"},
		"X-Amz-Target": {secretsManager + operation}}, input)
}

const token = "11111111-1111-1111-1111-111111111111"

func secretIsTheCurrentOne(c *client) {
	c.secret("CreateSecret", `{"Name":"versions","SecretString":"first","ClientRequestToken":"00000000-0000-0000-0000-000000000000"}`)
	c.secret("PutSecretValue", `{"SecretId":"versions","SecretString":"second","VersionStages":["AWSPENDING"],"ClientRequestToken":"`+token+`"}`)
	if got := c.secret("GetSecretValue", `{"SecretId":"versions"}`); !strings.Contains(got, `"first"`) {
		c.t.Errorf("with one pending: %s", got)
	}
	if got := c.secret("GetSecretValue", `{"SecretId":"versions","VersionStage":"AWSPENDING"}`); !strings.Contains(got, `"second"`) {
		c.t.Errorf("the pending one: %s", got)
	}
	c.secret("UpdateSecretVersionStage", `{"SecretId":"versions","VersionStage":"AWSCURRENT","MoveToVersionId":"`+token+
		`","RemoveFromVersionId":"00000000-0000-0000-0000-000000000000"}`)
	if got := c.secret("GetSecretValue", `{"SecretId":"versions"}`); !strings.Contains(got, `"second"`) {
		c.t.Errorf("after its turn: %s", got)
	}
}

func rotationLeavesNothingPending(c *client) {
	c.function("rotator", zipped(c.t, "code"), nil)
	c.secret("CreateSecret", `{"Name":"rotated","SecretString":"first"}`)
	c.secret("RotateSecret", `{"SecretId":"rotated","RotateImmediately":false,"RotationRules":{"AutomaticallyAfterDays":30},`+
		`"RotationLambdaARN":"arn:aws:lambda:us-east-1:123456789012:function:rotator","ClientRequestToken":"`+token+`"}`)
	described := c.secret("DescribeSecret", `{"SecretId":"rotated"}`)
	if strings.Contains(described, "AWSPENDING") || !strings.Contains(described, `"RotationEnabled": true`) {
		c.t.Errorf("it is %s", described)
	}
	// One that starts now has its empty version, to be filled by the function's first step.
	c.secret("RotateSecret", `{"SecretId":"rotated","ClientRequestToken":"22222222-2222-2222-2222-222222222222",`+
		`"RotationLambdaARN":"arn:aws:lambda:us-east-1:123456789012:function:rotator"}`)
	if described := c.secret("DescribeSecret", `{"SecretId":"rotated"}`); !strings.Contains(described, "AWSPENDING") {
		c.t.Errorf("it is %s", described)
	}
	if got := c.secret("GetSecretValue", `{"SecretId":"rotated"}`); !strings.Contains(got, `"first"`) {
		c.t.Errorf("meanwhile: %s", got)
	}
	status, got := c.do("secretsmanager", http.MethodPost, "/", http.Header{"Content-Type": {"application/x-amz-json-1.1"},
		"X-Amz-Target": {secretsManager + "RotateSecret"}}, `{"SecretId":"rotated"}`)
	if status != http.StatusBadRequest || !strings.Contains(got, "does not run them") {
		c.t.Errorf("by itself: %d %s", status, got)
	}
	if got := c.secret("GetSecretValue", `{"SecretId":"rotated"}`); !strings.Contains(got, `"first"`) {
		c.t.Errorf("after it: %s", got)
	}
}
