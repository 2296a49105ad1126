package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestTheReceiverAnswersInTurnAndOnlyToTheStack(t *testing.T) {
	r := &receiver{}
	send := func(id, key string) int {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte("1767225600.body"))
		request := httptest.NewRequest(http.MethodPost, "/500,429,200", strings.NewReader("body"))
		request.Header.Set("Idempotency-Key", id)
		request.Header.Set("X-Signature", "t=1767225600,v1="+hex.EncodeToString(mac.Sum(nil)))
		answer := httptest.NewRecorder()
		r.ServeHTTP(answer, request)
		return answer.Code
	}
	if got := send("a", "key"); got != http.StatusBadRequest {
		t.Errorf("before there is a stack it answered %d", got)
	}
	r.posts = nil
	r.trust(func(context.Context) (string, error) { return "key", nil })
	if got := send("x", "another key"); got != http.StatusUnauthorized {
		t.Errorf("to somebody else it answered %d", got)
	}
	var got []int
	for _, id := range []string{"a", "a", "b", "a", "a"} {
		got = append(got, send(id, "key"))
	}
	if want := []int{500, 429, 500, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
