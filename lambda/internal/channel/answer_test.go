package channel

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Every status that a receiver can answer with, and what becomes of the message.
func TestEveryStatusIsDeliveredRetriedOrFinal(t *testing.T) {
	transient := map[int]bool{401: true, 403: true, 408: true, 409: true, 425: true, 429: true}
	var code int
	r := newReceiver(t, true, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	for code = 100; code <= 599; code++ {
		want := "final"
		switch {
		case code >= 200 && code < 300, code < 200 && code != 101: // what is informational has a 200 after it
			want = "delivered"
		case transient[code], code >= 500:
			want = "retried"
		}
		posts := len(r.Requests())
		err := r.send(t.Context(), "/")
		got := "retried"
		if err == nil {
			got = "delivered"
		} else if IsPermanent(err) {
			got = "final"
		}
		if got != want {
			t.Errorf("%d is %s, want %s: %v", code, got, want, err)
		}
		most := 1
		if code == 307 || code == 308 {
			most = 1 + maxRedirects
		}
		if posts = len(r.Requests()) - posts; posts != most {
			t.Errorf("%d: posted %d times, want %d", code, posts, most)
		}
	}
}

// The table of docs/webhooks.md has every status once, and states what the program does with it.
func TestTheDocumentedTableOfAnswersIsTheProgramsOwn(t *testing.T) {
	page, err := os.ReadFile("../../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[int]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d[^|]*) \| (\w+) \|`).FindAllStringSubmatch(string(page), -1) {
		for span := range strings.SplitSeq(row[1], ", ") {
			var first, last int
			if n, _ := fmt.Sscanf(span, "%d to %d", &first, &last); n == 1 {
				last = first
			}
			for status := first; status <= last; status++ {
				if documented[status] != "" {
					t.Errorf("%d has two rows", status)
				}
				documented[status] = row[2]
			}
		}
	}
	for status := 101; status <= 599; status++ {
		want := map[class]string{delivered: "delivered", transient: "retried", keyRefused: "retried", final: "final"}[classify(status)]
		if status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect {
			want = "followed" // before it is classified
		} else if status > 101 && status < 200 {
			want = "" // informational, and not the answer
		}
		if documented[status] != want {
			t.Errorf("%d is documented as %q, want %q", status, documented[status], want)
		}
	}
}

func TestClassOfStatusesThatNoStandardKnows(t *testing.T) {
	for status, want := range map[int]class{0: transient, 99: transient, 199: final, 600: transient, 999: transient} {
		if got := classify(status); got != want {
			t.Errorf("%d: got %d, want %d", status, got, want)
		}
	}
}

// The first attempt's answer comes too late, the second one meets the receiver at work, and the third finds it done.
func TestAReceiverThatIsStillAtTheFirstDeliveryIsAskedAgain(t *testing.T) {
	for _, busy := range []int{http.StatusConflict, http.StatusTooEarly} {
		attempt := 0
		r := newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
			switch attempt++; attempt {
			case 1:
				<-request.Context().Done()
			case 2:
				w.WriteHeader(busy)
			}
		})
		r.transport.(*http.Transport).ResponseHeaderTimeout = 100 * time.Millisecond
		var last error
		for range 3 {
			if last = r.send(t.Context(), "/"); IsPermanent(last) {
				t.Fatalf("attempt %d: %v", attempt, last)
			}
		}
		if last != nil || attempt != 3 {
			t.Errorf("%d: %v after %d attempts", busy, last, attempt)
		}
	}
}
