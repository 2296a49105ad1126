package receiver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheReceiverAnswersInTurnAndOnlyToTheStack(t *testing.T) {
	const key, other = "the-stack's-key-of-32-characters", "another-key-of-more-than-24-bytes"
	r := &Receiver{}
	var without []string
	send := func(id, key string) int {
		at, body := strconv.FormatInt(time.Now().Unix(), 10), `{"id":"`+id+`"}`
		sum := func(text string) []byte {
			mac := hmac.New(sha256.New, []byte(key))
			mac.Write([]byte(text))
			return mac.Sum(nil)
		}
		request := httptest.NewRequest(http.MethodPost, "/500,429,200", strings.NewReader(body))
		for name, value := range map[string]string{
			"Idempotency-Key": id, "X-Signature": "t=" + at + ",v1=" + hex.EncodeToString(sum(at+"."+body)),
			"Webhook-Id": id, "Webhook-Timestamp": at,
			"Webhook-Signature": "v1," + base64.StdEncoding.EncodeToString(sum(id+"."+at+"."+body)),
		} {
			request.Header.Set(name, value)
		}
		for _, name := range without {
			request.Header.Del(name)
		}
		answer := httptest.NewRecorder()
		r.ServeHTTP(answer, request)
		return answer.Code
	}
	if got := send("a", key); got != http.StatusBadRequest {
		t.Errorf("before there is a stack it answered %d", got)
	}
	r.posts = nil
	r.Trust(func(context.Context) ([]string, error) { return []string{key}, nil })
	if got := send("x", other); got != http.StatusUnauthorized {
		t.Errorf("to somebody else it answered %d", got)
	}
	for _, without = range [][]string{{"X-Signature"}, {"Webhook-Signature"}} {
		if got := send("x", key); got != http.StatusUnauthorized {
			t.Errorf("without %q it answered %d", without, got)
		}
	}
	without = nil
	var got []int
	for _, id := range []string{"a", "a", "b", "a", "a"} {
		got = append(got, send(id, key))
	}
	if want := []int{500, 429, 500, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
