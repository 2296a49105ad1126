package audit

import (
	"encoding/json"
	"testing"
)

func TestPolicyForbids(t *testing.T) {
	const (
		anyone   = `{"principal":"*","unlessCondition":true}`
		decrypt  = `{"action":["*","kms:*","kms:Decrypt"],"resource":"*"}`
		services = `{"action":["re:^([a-z0-9-]+:)?\\*$"]}`
		excepted = `{"resource":"*","exceptActions":["ec2:Describe*","xray:PutTraceSegments"]}`
	)
	for _, test := range []struct {
		forbids, statement string
		want               Outcome
	}{
		{anyone, `{"Effect":"Allow","Principal":"*","Action":"x:Y"}`, Fail},
		{anyone, `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"x:Y"}`, Fail},
		{anyone, `{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root","*"]},"Action":"x:Y"}`, Fail},
		{anyone, `{"Effect":"Allow","Principal":"*","Action":"x:Y","Condition":{"StringEquals":{"a":"b"}}}`, Pass},
		{anyone, `{"Effect":"Allow","Principal":"*","Action":"x:Y","Condition":{}}`, Fail},
		{anyone, `{"Effect":"Deny","Principal":"*","Action":"x:Y"}`, Pass},
		{anyone, `{"Effect":"Allow","Principal":{"Service":"s.amazonaws.com"},"Action":"x:Y"}`, Pass},
		{anyone, `[{"Effect":"Deny","Principal":"*"},{"Effect":"Allow","Principal":"*"}]`, Fail},
		{decrypt, `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`, Fail},
		{decrypt, `{"Effect":"Allow","Action":["x:Y","KMS:decrypt"],"Resource":["*"]}`, Fail},
		{decrypt, `{"Effect":"Allow","Action":"kms:De*","Resource":"*"}`, Fail},
		{decrypt, `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:key"}`, Pass},
		{decrypt, `{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}`, Pass},
		{services, `{"Effect":"Allow","Action":"sqs:*","Resource":"arn:q"}`, Fail},
		{services, `{"Effect":"Allow","Action":"*","Resource":"arn:q"}`, Fail},
		{services, `{"Effect":"Allow","Action":"sqs:Send*","Resource":"arn:q"}`, Pass},
		{excepted, `{"Effect":"Allow","Action":["ec2:DescribeSubnets","xray:PutTraceSegments"],"Resource":"*"}`, Pass},
		{excepted, `{"Effect":"Allow","Action":["ec2:DescribeSubnets","ec2:RunInstances"],"Resource":"*"}`, Fail},
		{excepted, `{"Effect":"Allow","Action":["ec2:RunInstances"],"Resource":"arn:i"}`, Pass},
		{excepted, `{"Effect":"Allow","NotAction":["ec2:RunInstances"],"Resource":"*"}`, Fail},
		{`{"notAction":true}`, `{"Effect":"Allow","NotAction":"x:Y","Resource":"*"}`, Fail},
		{`{"notAction":true}`, `{"Effect":"Allow","Action":"x:Y","Resource":"*"}`, Pass},
		{`{"notPrincipal":true}`, `{"Effect":"Allow","NotPrincipal":{"AWS":"1"},"Action":"x:Y"}`, Fail},
		{`{"notPrincipal":true}`, `{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"Action":"x:Y"}`, Pass},
		{`{"notResource":true}`, `{"Effect":"Allow","Action":"x:Y","NotResource":"arn:x"}`, Fail},
		{`{"notResource":true}`, `{"Effect":"Allow","Action":"x:Y","Resource":"arn:x"}`, Pass},
	} {
		judged(t, "policyForbids", test.forbids, `{"Version":"2012-10-17","Statement":`+test.statement+`}`, test.want)
	}
	judged(t, "policyForbids", anyone, "no JSON", Fail)
}

func TestPolicyRequires(t *testing.T) {
	const (
		tls    = `{"anyDeny":true,"conditionKey":"aws:SecureTransport","conditionValue":"false"}`
		inside = `{"allAllow":true,"conditionKeys":["aws:SourceArn","aws:SourceAccount"]}`
	)
	for _, test := range []struct {
		requires, statements string
		want                 Outcome
	}{
		{tls, `[{"Effect":"Allow"},{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]`, Pass},
		{tls, `[{"Effect":"Deny","Condition":{"Bool":{"AWS:SecureTransport":false}}}]`, Pass},
		{tls, `[{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]`, Fail},
		{tls, `[{"Effect":"Allow","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]`, Fail},
		{tls, `[]`, Fail},
		{inside, `[{"Effect":"Allow","Condition":{"ArnLike":{"aws:SourceArn":"arn:x"}}},{"Effect":"Deny"}]`, Pass},
		{inside, `[{"Effect":"Allow","Condition":{"ArnLike":{"aws:SourceArn":["arn:x"]}}},{"Effect":"Allow"}]`, Fail},
	} {
		judged(t, "policyRequires", test.requires, `{"Version":"2012-10-17","Statement":`+test.statements+`}`, test.want)
	}
}

// judged has one rule judge a resource with the policy in its input p.
func judged(t *testing.T, condition, value, document string, want Outcome) {
	t.Helper()
	inputs, err := json.Marshal(map[string]string{"p": document})
	if err != nil {
		t.Fatal(err)
	}
	r := rule(t, `{"property":"p","condition":"`+condition+`","value":`+value+`}`)
	if got := only(t, r, thing(t, string(inputs))); got != want {
		t.Errorf("%s %s on %s: %v, want %v", condition, value, document, got, want)
	}
	if got := only(t, r, thing(t, `{"p":"UNKNOWN"}`)); got != Unknown {
		t.Errorf("%s %s on what is not known: %v", condition, value, got)
	}
}

func TestFieldThatWouldCountForNothingIsRefused(t *testing.T) {
	r := rule(t, `{"property":"p","condition":"policyForbids","value":{"principle":"*"}}`)
	if _, err := Judge(r, []Resource{thing(t, `{"p":"{\"Statement\":[]}"}`)}); err == nil {
		t.Error("a misspelt field was taken")
	}
}
