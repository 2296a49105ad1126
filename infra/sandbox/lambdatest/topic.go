package lambdatest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// TopicFault is an error of SNS.
type TopicFault struct {
	Status        int // 0: no answer at all
	Code, Message string
}

// Topic stands in for SNS's Publish, as its query protocol of 2010-03-31 has it. It publishes nothing.
type Topic struct {
	decide func(*http.Request) *TopicFault

	mu       sync.Mutex
	requests []*http.Request
}

// NewTopic makes a topic that answers a request with a fault if the function, which may be nil, returns one.
func NewTopic(decide func(*http.Request) *TopicFault) *Topic { return &Topic{decide: decide} }

// Start serves the topic until the test ends, and returns the value for AWS_ENDPOINT_URL_SNS.
func (s *Topic) Start(t testing.TB) (url string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

// Requests are those so far, with their forms parsed.
func (s *Topic) Requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers a Publish.
func (s *Topic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // what cannot be parsed has no values
	s.mu.Lock()
	s.requests = append(s.requests, r)
	var fault *TopicFault
	if s.decide != nil {
		fault = s.decide(r)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/xml")
	switch {
	case fault == nil:
		fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>provider-1`+
			`</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`)
	case fault.Status == 0:
		<-r.Context().Done()
	default:
		w.WriteHeader(fault.Status)
		fmt.Fprintf(w, `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>%s</Code>`+
			`<Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`, fault.Code, fault.Message)
	}
}
