package channel

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

const topicARN = "arn:aws:sns:us-east-1:000000000000:messages"

type fault = lambdatest.TopicFault

// topic is a topic that answers its faults first, one a request, and a channel that publishes to it.
type topic struct {
	*lambdatest.Topic
	url string
}

func newTopic(t *testing.T, faults ...fault) *topic {
	t.Helper()
	s := &topic{Topic: lambdatest.NewTopic(func(*http.Request) (next *fault) {
		if len(faults) > 0 {
			next, faults = &faults[0], faults[1:]
		}
		return next
	})}
	s.url = s.Start(t)
	return s
}

func (s *topic) channel() *SNS { return newSNS(topicARN, s.getenv, snsAttemptTimeout) }

func (s *topic) getenv(name string) string {
	return map[string]string{
		"AWS_REGION":            "us-east-1",
		"AWS_ACCESS_KEY_ID":     "AKIDTEST",
		"AWS_SECRET_ACCESS_KEY": "secret-access-key",
		"AWS_SESSION_TOKEN":     "session-token",
		"AWS_ENDPOINT_URL_SNS":  s.url,
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
	got := s.Requests()[0].PostForm
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
	header := s.Requests()[0].Header
	if !strings.Contains(header.Get("Authorization"), "Credential=AKIDTEST/") || header.Get("X-Amz-Security-Token") != "session-token" {
		t.Error("the request is not signed with the function's credentials")
	}
}

func TestSNSLeavesOutWhatAMessageHasNot(t *testing.T) {
	s := newTopic(t)
	if _, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	for name := range s.Requests()[0].PostForm {
		if name == "Subject" || strings.HasPrefix(name, "MessageAttributes.entry.2") {
			t.Errorf("%s is sent, and SNS refuses empty ones", name)
		}
	}
}

func TestSNSRefusesARecipientThatIsNoAttribute(t *testing.T) {
	s := newTopic(t)
	_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", To: strings.Repeat("t", 257), Body: "b"})
	if _, refused := errors.AsType[*PermanentError](err); !refused || len(s.Requests()) != 0 {
		t.Errorf("got %v after %d requests", err, len(s.Requests()))
	}
}

func TestSNSSeparatesTheMessagesFaultFromTheStacks(t *testing.T) {
	for _, test := range []struct {
		fault    fault
		refused  bool
		attempts int
	}{
		{fault{Status: 400, Code: "InvalidParameter", Message: "Invalid parameter: Subject"}, true, 1},
		{fault{Status: 400, Code: "ParameterValueInvalid", Message: "Invalid value"}, true, 1},
		{fault{Status: 400, Code: "ValidationException", Message: "Invalid"}, true, 1},
		{fault{Status: 404, Code: "NotFound", Message: "Topic does not exist"}, false, 1},
		{fault{Status: 403, Code: "AuthorizationError", Message: "is not authorized to perform: SNS:Publish"}, false, 1},
		{fault{Status: 400, Code: "KMSAccessDenied", Message: "denied"}, false, 1},
		{fault{Status: 403, Code: "ExpiredToken", Message: "expired"}, false, 1},
		{fault{Status: 400, Code: "Throttling", Message: "Rate exceeded"}, false, 3},
		{fault{Status: 500, Code: "InternalError", Message: "internal"}, false, 3},
	} {
		t.Run(test.fault.Code, func(t *testing.T) {
			t.Parallel()
			s := newTopic(t, test.fault, test.fault, test.fault)
			_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "tell-me-not"})
			if err == nil {
				t.Fatal("no error")
			}
			if _, refused := errors.AsType[*PermanentError](err); refused != test.refused {
				t.Errorf("refused is %t, want %t: %v", refused, test.refused, err)
			}
			if !strings.Contains(err.Error(), test.fault.Code) || !strings.Contains(err.Error(), test.fault.Message) {
				t.Errorf("the error does not say why: %v", err)
			}
			if strings.Contains(err.Error(), "tell-me-not") || strings.Contains(err.Error(), "secret-access-key") {
				t.Errorf("the error holds too much: %v", err)
			}
			if len(s.Requests()) != test.attempts {
				t.Errorf("%d attempts, want %d", len(s.Requests()), test.attempts)
			}
		})
	}
}

func TestSNSRetriesAPassingFaultByItself(t *testing.T) {
	s := newTopic(t, fault{Status: 503, Code: "ServiceUnavailable", Message: "later"})
	if id, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil || id != "provider-1" {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestSNSTriesAgainWhenAnAnswerDoesNotCome(t *testing.T) {
	s := newTopic(t, fault{}) // which does not answer
	channel := newSNS(topicARN, s.getenv, 100*time.Millisecond)
	if id, err := channel.Send(t.Context(), contract.Message{ID: "a", Body: "b"}); err != nil || id != "provider-1" {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestSNSOutOfReachIsNotPermanent(t *testing.T) {
	s := newTopic(t)
	s.url = "http://127.0.0.1:1" // where nothing listens
	_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Body: "b"})
	if _, refused := errors.AsType[*PermanentError](err); err == nil || refused {
		t.Errorf("got %v", err)
	}
}

// API_Publish asks for less than 100 characters, and a message may have 100.
func TestSNSTakesASubjectOfTheGreatestLengthHoweverItCounts(t *testing.T) {
	invalid := fault{Status: 400, Code: "InvalidParameter", Message: "Invalid parameter: Subject"}
	for _, test := range []struct {
		name, subject string
		faults        []fault
		want          []string
	}{
		{"100 are taken", strings.Repeat("s", 100), nil, []string{strings.Repeat("s", 100)}},
		{"100 are refused", strings.Repeat("s", 100), []fault{invalid},
			[]string{strings.Repeat("s", 100), strings.Repeat("s", 98) + "…"}},
		{"characters count double", strings.Repeat("😀", 60), []fault{invalid},
			[]string{strings.Repeat("😀", 60), strings.Repeat("😀", 49) + "…"}},
		{"one short of an odd count", "s" + strings.Repeat("😀", 60), []fault{invalid},
			[]string{"s" + strings.Repeat("😀", 60), "s" + strings.Repeat("😀", 48) + "…"}},
	} {
		s := newTopic(t, test.faults...)
		_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Subject: test.subject, Body: "b"})
		var got []string
		for _, r := range s.Requests() {
			got = append(got, r.PostForm.Get("Subject"))
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, published %q", test.name, err, got)
		}
	}
}

func TestSNSRefusesForGoodWhatNoShorterSubjectHelps(t *testing.T) {
	invalid := fault{Status: 400, Code: "InvalidParameter", Message: "Invalid parameter: Message"}
	for length, requests := range map[int]int{99: 1, 100: 2} {
		s := newTopic(t, invalid, invalid)
		_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Subject: strings.Repeat("s", length), Body: "b"})
		if !IsPermanent(err) || len(s.Requests()) != requests {
			t.Errorf("%d: %v after %d requests", length, err, len(s.Requests()))
		}
	}
}
