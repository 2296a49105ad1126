package channel

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/lambda/contract"
)

// API_Publish says less than 100 characters, and a message may have 100.
func TestSNSTakesASubjectOfTheGreatestLengthHoweverItCounts(t *testing.T) {
	invalid := fault{400, "InvalidParameter", "Invalid parameter: Subject"}
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
		for _, r := range s.requests {
			got = append(got, r.PostForm.Get("Subject"))
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, published %q", test.name, err, got)
		}
	}
}

func TestSNSRefusesForGoodWhatNoShorterSubjectHelps(t *testing.T) {
	invalid := fault{400, "InvalidParameter", "Invalid parameter: Message"}
	for length, requests := range map[int]int{99: 1, 100: 2} {
		s := newTopic(t, invalid, invalid)
		_, err := s.channel().Send(t.Context(), contract.Message{ID: "a", Subject: strings.Repeat("s", length), Body: "b"})
		if !IsPermanent(err) || len(s.requests) != requests {
			t.Errorf("%d: %v after %d requests", length, err, len(s.requests))
		}
	}
}
