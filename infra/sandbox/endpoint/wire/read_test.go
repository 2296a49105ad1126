package wire

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/model/modeltest"
)

func form(pairs ...string) (content, body string) {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return "application/x-www-form-urlencoded", values.Encode()
}

// members are those of an input or a structure, a list those of one.
type (
	members = map[string]any
	list    = []any
)

func TestInputsAreReadByTheNamesOfTheModel(t *testing.T) {
	models := modeltest.Installed(t)
	for _, c := range []struct {
		name, service, method, path string
		content, body               string
		header                      http.Header
		call                        string
		want                        members
	}{
		{name: "EC2's lists stand under the names of their members", service: "ec2", call: "ec2:AuthorizeSecurityGroupIngress",
			body: "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1&DryRun=true&IpPermissions.1.FromPort=-1" +
				"&IpPermissions.1.Groups.2.GroupId=sg-3&IpPermissions.1.Groups.1.GroupId=sg-2",
			want: members{"GroupId": "sg-1", "DryRun": true, "IpPermissions": list{members{"FromPort": int64(-1),
				"UserIdGroupPairs": list{members{"GroupId": "sg-2"}, members{"GroupId": "sg-3"}}}}}},
		{name: "a list of the query protocol has a name for its elements, or member", service: "rds", call: "rds:CreateDBSubnetGroup",
			body: "Action=CreateDBSubnetGroup&Version=2014-10-31&SubnetIds.SubnetIdentifier.1=subnet-1&Tags.member.1.Key=Stack",
			want: members{"SubnetIds": list{"subnet-1"}, "Tags": list{members{"Key": "Stack"}}}},
		{name: "an empty list is a name without a value", service: "rds", call: "rds:ModifyDBCluster",
			body: "Action=ModifyDBCluster&Version=2014-10-31&VpcSecurityGroupIds=",
			want: members{"VpcSecurityGroupIds": list{}}},
		{name: "a map of the query protocol has entries", service: "sns", call: "sns:Publish",
			body: "Action=Publish&Version=2010-03-31&MessageAttributes.entry.1.Name=id&MessageAttributes.entry.1.Value.DataType=String",
			want: members{"MessageAttributes": members{"id": members{"DataType": "String"}}}},
		{name: "a flattened list of the query protocol has the name of its elements", service: "sdb", call: "sdb:PutAttributes",
			body: "Action=PutAttributes&Version=2009-04-15&Attribute.1.Name=colour&Attribute.1.Replace=true",
			want: members{"Attributes": list{members{"Name": "colour", "Replace": true}}}},
		{name: "SQS's query protocol has its own names", service: "sqs", call: "sqs:SendMessageBatch",
			body: "Action=SendMessageBatch&Version=2012-11-05&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n" +
				"&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue=v",
			want: members{"Entries": list{members{"Id": "a", "MessageAttributes": members{"n": members{"StringValue": "v"}}}}}},
		{name: "what no member has stays under its own name", service: "iam", call: "iam:CreateRole",
			body: "Action=CreateRole&Version=2010-05-08&RoleName.1=a&Tags.member.1.Colour=red&Tags.member.1.Key=k",
			want: members{"Tags": list{members{"Key": "k"}}, "RoleName.1": struct{}{}, "Tags.member.1.Colour": struct{}{}}},
		{name: "blobs and times of JSON are texts and numbers", service: "secretsmanager", call: "secretsmanager:PutSecretValue",
			header: http.Header{"X-Amz-Target": {"secretsmanager.PutSecretValue"}}, content: "application/x-amz-json-1.1",
			body: `{"SecretId":"app","SecretBinary":"aGVsbG8=","VersionStages":["AWSPENDING"]}`,
			want: members{"SecretId": "app", "SecretBinary": []byte("hello"), "VersionStages": list{"AWSPENDING"}}},
		{name: "a REST path is unescaped", service: "scheduler", call: "scheduler:TagResource", method: http.MethodPost, content: "application/json",
			path: "/tags/arn%3Aaws%3Ascheduler%3Aus-east-1%3A123456789012%3Aschedule-group%2Fg", body: `{"Tags":[{"Key":"Stack","Value":"dev"}]}`,
			want: members{"ResourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule-group/g", "Tags": list{members{"Key": "Stack", "Value": "dev"}}}},
		{name: "a REST request has members in path, query, headers and body", service: "lambda", call: "lambda:Invoke", method: http.MethodPost,
			path: "/2015-03-31/functions/sender/invocations?Qualifier=live", body: "raw", header: http.Header{"X-Amz-Invocation-Type": {"Event"}},
			want: members{"FunctionName": "sender", "Qualifier": "live", "InvocationType": "Event", "Payload": []byte("raw")}},
		{name: "a path without a label comes before one with", service: "scheduler", call: "scheduler:ListSchedules", method: http.MethodGet,
			path: "/schedules/?MaxResults=5&x=y", want: members{"MaxResults": int64(5), "x": struct{}{}}},
		{name: "numbers and times of CBOR are of the model's types", service: "monitoring", call: "cloudwatch:GetMetricStatistics", method: http.MethodPost,
			path: "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics", content: "application/cbor", header: http.Header{"Smithy-Protocol": {"rpc-v2-cbor"}},
			body: encoded(members{"Period": 60, "StartTime": cbor.Tag{Number: 1, Content: 1700000000}}),
			want: members{"Period": int64(60), "StartTime": time.Unix(1700000000, 0)}},
	} {
		method, path, content := c.method, c.path, c.content
		if method == "" {
			method, path = http.MethodPost, "/"
		}
		if content == "" {
			content = "application/x-www-form-urlencoded"
		}
		r := httptest.NewRequest(method, path, nil)
		r.Header = c.header.Clone()
		if r.Header == nil {
			r.Header = http.Header{}
		}
		r.Header.Set("Content-Type", content)
		call, err := Read(models, c.service, r, []byte(c.body))
		if err != nil || call.String() != c.call || !equal(call.Input, c.want) {
			t.Errorf("%s: %s %v: %#v", c.name, call, err, call.Input)
		}
	}
}

func encoded(value any) string {
	body, err := cbor.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// equal compares inputs, times by the instant.
func equal(got, want any) bool {
	at, ok := got.(time.Time)
	other, both := want.(time.Time)
	if ok && both {
		return at.Equal(other)
	}
	g, ok := got.(members)
	w, both := want.(members)
	if !ok || !both {
		return reflect.DeepEqual(got, want)
	}
	for name := range w {
		if !equal(g[name], w[name]) {
			return false
		}
	}
	return len(g) == len(w)
}

func TestARequestWithoutAModelIsAnError(t *testing.T) {
	models := modeltest.Installed(t)
	content, body := form("Action", "Go", "Version", "2020-01-01")
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", content)
	for _, service := range []string{"", "nowhere", "../ec2"} {
		if _, err := Read(models, service, r, []byte(body)); !errors.Is(err, model.ErrNoModel) {
			t.Errorf("%q: %v", service, err)
		}
	}
}

func TestABodyThatIsNoInputIsRefused(t *testing.T) {
	models := modeltest.Installed(t)
	for _, body := range []string{"[]", `"text"`, "{} {}", "{"} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("X-Amz-Target", "TrentService.CreateKey")
		_, err := Read(models, "kms", r, []byte(body))
		if refusal, ok := errors.AsType[*Refusal](err); !ok || !strings.HasPrefix(refusal.Code, "Serialization") {
			t.Errorf("%s: %v", body, err)
		}
	}
}
