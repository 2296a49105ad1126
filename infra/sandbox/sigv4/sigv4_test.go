package sigv4

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// example is the request of AWS's documentation, with its keys, of which the documentation gives the signature.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object"
const (
	exampleTime      = "20130524T000000Z"
	exampleSignature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
)

func example() (Keys, *http.Request) {
	r := httptest.NewRequest(http.MethodGet, "http://examplebucket.s3.amazonaws.com/test.txt", nil)
	r.Header.Set("Range", "bytes=0-9")
	r.Header.Set(payloadHeader, hash(nil))
	r.Header.Set(dateHeader, exampleTime)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "+
		"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="+exampleSignature)
	return Keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, r
}

func TestTheSignatureOfTheDocumentationIsRight(t *testing.T) {
	keys, r := example()
	at, err := time.Parse(dateFormat, exampleTime)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.verify(r, nil, at.Add(time.Minute)); err != nil {
		t.Errorf("it is refused: %v", err)
	}
	if err := keys.Verify(r, nil); err != errExpired {
		t.Errorf("years later: %v", err)
	}
}

// signed is a request as a client would send it.
func signed(t *testing.T, keys Keys, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:5555/2015-03-31/functions/arn%3Aaws%3Alambda/invocations?Qualifier=%24LATEST&a=", strings.NewReader(body))
	r.Header.Set("X-Amz-Invocation-Type", "Event")
	if err := keys.Sign(r, []byte(body), Scope{"us-east-1", "lambda"}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARequestThatWasChangedOrSignedByAnotherIsRefused(t *testing.T) {
	keys := New()
	const body = `{"id":"1"}`
	if err := keys.Verify(signed(t, keys, body), []byte(body)); err != nil {
		t.Fatal(err)
	}
	if r := signed(t, keys, body); keys.Verify(r, []byte(`{"id":"2"}`)) != errMismatch {
		t.Error("another body is taken")
	}
	hashed := signed(t, keys, body)
	hashed.Header.Set(payloadHeader, hash([]byte(body)))
	resign(keys)(hashed)
	if keys.Verify(hashed, []byte(body)) != nil || keys.Verify(hashed, []byte(`{"id":"2"}`)) != errMismatch {
		t.Error("a body is not held against its hash")
	}
	for what, c := range map[string]struct {
		change func(*http.Request)
		want   error
	}{
		"no signature":     {func(r *http.Request) { r.Header.Del("Authorization") }, errMissing},
		"no AWS signature": {func(r *http.Request) { r.Header.Set("Authorization", "Basic dGVzdDp0ZXN0") }, errMissing},
		"another path":     {func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/2015-03-31/functions/other/invocations", "" }, errMismatch},
		"another query":    {func(r *http.Request) { r.URL.RawQuery = "" }, errMismatch},
		"another host":     {func(r *http.Request) { r.Host = "rebound.attacker.example" }, errMismatch},
		"another method":   {func(r *http.Request) { r.Method = http.MethodDelete }, errMismatch},
		"a changed header": {func(r *http.Request) { r.Header.Set("X-Amz-Invocation-Type", "DryRun") }, errMismatch},
		"another date":     {func(r *http.Request) { r.Header.Set(dateHeader, time.Now().Add(time.Minute).UTC().Format(dateFormat)) }, errMismatch},
		"an old date":      {func(r *http.Request) { r.Header.Set(dateHeader, exampleTime) }, errExpired},
		"no date":          {func(r *http.Request) { r.Header.Del(dateHeader) }, errExpired},
		"dummy keys":       {resign(Keys{"test", "test"}), errUnknown},
		"a guessed secret": {resign(Keys{keys.ID, "test"}), errMismatch},
		"no signed host":   {replace("host;", ""), errMissing},
		"another service":  {replace("/lambda/", "/s3/"), errMismatch},
		"the id alone":     {replace("Signature=", "Signature=0"), errMismatch},
		"an empty signature": {func(r *http.Request) {
			a, _, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", a+"Signature=")
		}, errMissing},
	} {
		r := signed(t, keys, body)
		c.change(r)
		if err := keys.Verify(r, []byte(body)); err != c.want {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

func resign(keys Keys) func(*http.Request) {
	return func(r *http.Request) { _ = keys.Sign(r, []byte(`{"id":"1"}`), Scope{"us-east-1", "lambda"}) }
}

func replace(old, by string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, by, 1))
	}
}

func TestAPresignedAddressIsGoodForItsTimeAndNothingElse(t *testing.T) {
	keys := New()
	for _, service := range []string{"lambda", "s3"} {
		address, err := keys.Presign(t.Context(), "http://127.0.0.1:5555/sandbox/code/us-east-1/sender", Scope{"us-east-1", service}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if err := keys.Verify(httptest.NewRequest(http.MethodGet, address, nil), nil); err != nil {
			t.Errorf("%s: %v", service, err)
		}
		for what, r := range map[string]*http.Request{
			"another path":   httptest.NewRequest(http.MethodGet, strings.Replace(address, "sender", "updater", 1), nil),
			"a longer time":  httptest.NewRequest(http.MethodGet, strings.Replace(address, "Expires=60", "Expires=6000", 1), nil),
			"another method": httptest.NewRequest(http.MethodPost, address, nil),
		} {
			if err := keys.Verify(r, nil); err == nil {
				t.Errorf("%s: %s is taken", service, what)
			}
		}
		if err := New().Verify(httptest.NewRequest(http.MethodGet, address, nil), nil); err != errUnknown {
			t.Errorf("%s: with other keys: %v", service, err)
		}
	}
	old, err := keys.Presign(t.Context(), "http://127.0.0.1:5555/", Scope{"us-east-1", "lambda"}, -time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Verify(httptest.NewRequest(http.MethodGet, old, nil), nil); err != errExpired {
		t.Errorf("after its time: %v", err)
	}
}

func TestWhatAWSsOwnClientSignsIsRight(t *testing.T) {
	keys := New()
	var refused []error
	served := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, max(0, r.ContentLength))
		if _, err := r.Body.Read(body); err != nil && err.Error() != "EOF" {
			t.Error(err)
		}
		served++
		if err := keys.Verify(r, body); err != nil {
			refused = append(refused, err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write([]byte("{}"))
	}))
	defer server.Close()
	settings := aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String(server.URL), Credentials: keys}
	ctx := context.Background()
	if _, err := sqs.NewFromConfig(settings).ListQueues(ctx, &sqs.ListQueuesInput{}); err != nil {
		t.Error(err)
	}
	functions := lambda.NewFromConfig(settings)
	_, err := functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String("arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST"), Qualifier: aws.String("a b"), Payload: []byte("{}")})
	if err != nil {
		t.Error(err)
	}
	if _, err := functions.ListFunctions(ctx, &lambda.ListFunctionsInput{Marker: aws.String("a/b+c=d e;f")}); err != nil {
		t.Error(err)
	}
	if served != 3 || refused != nil {
		t.Errorf("of %d requests are refused: %v", served, refused)
	}
}
