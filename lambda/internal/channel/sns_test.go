package channel

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
)

const topicARN = "arn:aws:sns:us-east-1:000000000000:messages"

// topic speaks SNS's query protocol, version 2010-03-31. It answers its faults first, one a request.
type topic struct {
	server *httptest.Server

	mu       sync.Mutex
	faults   []fault
	requests []*http.Request
}

type fault struct {
	status        int // 0: no answer at all
	code, message string
}

func newTopic(t *testing.T, faults ...fault) *topic {
	t.Helper()
	s := &topic{faults: faults}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *topic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	s.mu.Lock()
	s.requests = append(s.requests, r)
	var f *fault
	if len(s.faults) > 0 {
		f, s.faults = &s.faults[0], s.faults[1:]
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/xml")
	if f != nil && f.status == 0 {
		<-r.Context().Done()
		return
	}
	if f != nil {
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>%s</Code>`+
			`<Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`, f.code, f.message)
		return
	}
	fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>provider-1`+
		`</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`)
}

func (s *topic) channel() *SNS { return newSNS(topicARN, s.getenv, snsAttemptTimeout) }

func (s *topic) getenv(name string) string {
	return map[string]string{
		"AWS_REGION":            "us-east-1",
		"AWS_ACCESS_KEY_ID":     "AKIDTEST",
		"AWS_SECRET_ACCESS_KEY": "secret-access-key",
		"AWS_SESSION_TOKEN":     "session-token",
		"AWS_ENDPOINT_URL_SNS":  s.server.URL,
		"AWS_ENDPOINT_URL":      "http://127.0.0.1:1",
	}[name]
}

func TestSNSPublishesWithTheIDAndTheRecipientAsAttributes(t *testing.T) {
	s := newTopic(t)
	id, err := s.channel().Send(t.Context(), contract.Message{
		ID: "order-1", Channel: contract.SNS, To: "customer-42", Subject: "Grüße", Body: "Guten Tag & <bye>",
	})
	if err != nil || id != "provider-1" {
		t.Fatalf("got %q, %v", id, err)
	}
	got := s.requests[0].PostForm
	attributes := map[string]string{}
	for _, n := range []string{"1", "2"} {
		prefix := "MessageAttributes.entry." + n + "."
		attributes[got.Get(prefix+"Name")] = got.Get(prefix+"Value.DataType") + " " + got.Get(prefix+"Value.StringValue")
	}
	for name, want := range map[string]string{
		"Action": "Publish", "TopicArn": topicARN, "Subject": "Grüße", "Message": "Guten Tag & <bye>",
	} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
	if attributes["id"] != "String order-1" || attributes["to"] != "String customer-42" {
		t.Errorf("the attributes are %q", attributes)
	}
	header := s.requests[0].Header
	if !strings.Contains(header.Get("Authorization"), "Credential=AKIDTEST/") || header.Get("X-Amz-Security-Token") != "session-token" {
		t.Error("the request is not signed with the function's credentials")
	}
}

func TestSNSLeavesOutWhatAMessageHasNot(t *testing.T) {
	s := newTopic(t)
	if _, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	for name := range s.requests[0].PostForm {
		if name == "Subject" || strings.HasPrefix(name, "MessageAttributes.entry.2") {
			t.Errorf("%s is sent, and SNS refuses empty ones", name)
		}
	}
}

func TestSNSRefusesARecipientThatIsNoAttribute(t *testing.T) {
	s := newTopic(t)
	_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", To: strings.Repeat("t", 257), Body: "b"})
	if _, refused := errors.AsType[*PermanentError](err); !refused || len(s.requests) != 0 {
		t.Errorf("got %v after %d requests", err, len(s.requests))
	}
}

func TestSNSSeparatesTheMessagesFaultFromTheStacks(t *testing.T) {
	for _, test := range []struct {
		fault    fault
		refused  bool
		attempts int
	}{
		{fault{400, "InvalidParameter", "Invalid parameter: Subject"}, true, 1},
		{fault{400, "ParameterValueInvalid", "Invalid value"}, true, 1},
		{fault{400, "ValidationException", "Invalid"}, true, 1},
		{fault{404, "NotFound", "Topic does not exist"}, false, 1},
		{fault{403, "AuthorizationError", "is not authorized to perform: SNS:Publish"}, false, 1},
		{fault{400, "KMSAccessDenied", "denied"}, false, 1},
		{fault{403, "ExpiredToken", "expired"}, false, 1},
		{fault{400, "Throttling", "Rate exceeded"}, false, 3},
		{fault{500, "InternalError", "internal"}, false, 3},
	} {
		t.Run(test.fault.code, func(t *testing.T) {
			t.Parallel()
			s := newTopic(t, test.fault, test.fault, test.fault)
			_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "tell-me-not"})
			if err == nil {
				t.Fatal("no error")
			}
			if _, refused := errors.AsType[*PermanentError](err); refused != test.refused {
				t.Errorf("refused is %t, want %t: %v", refused, test.refused, err)
			}
			if !strings.Contains(err.Error(), test.fault.code) || !strings.Contains(err.Error(), test.fault.message) {
				t.Errorf("the error does not say why: %v", err)
			}
			if strings.Contains(err.Error(), "tell-me-not") || strings.Contains(err.Error(), "secret-access-key") {
				t.Errorf("the error holds too much: %v", err)
			}
			if len(s.requests) != test.attempts {
				t.Errorf("%d attempts, want %d", len(s.requests), test.attempts)
			}
		})
	}
}

func TestSNSRetriesAPassingFaultByItself(t *testing.T) {
	s := newTopic(t, fault{503, "ServiceUnavailable", "later"})
	if id, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil || id != "provider-1" {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestSNSTriesAgainWhenAnAnswerDoesNotCome(t *testing.T) {
	silent := fault{}
	s := newTopic(t, silent)
	channel := newSNS(topicARN, s.getenv, 100*time.Millisecond)
	if id, err := channel.Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil || id != "provider-1" {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestSNSOutOfReachIsNotPermanent(t *testing.T) {
	s := newTopic(t)
	s.server.Close()
	_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"})
	if _, refused := errors.AsType[*PermanentError](err); err == nil || refused {
		t.Errorf("got %v", err)
	}
}
