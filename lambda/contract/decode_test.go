package contract

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDecodeReadsAMessage(t *testing.T) {
	want := Message{ID: "order-1", Channel: Webhook, To: "https://hooks.example.com/a?b=c", Subject: "Grüße", Body: "Guten Tag\n"}
	event, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(event)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDecodeTakesAMessageAtItsLimits(t *testing.T) {
	m := Message{
		ID:      strings.Repeat("~", MaxIDLength),
		Channel: SNS,
		To:      strings.Repeat("t", MaxToLength),
		Subject: strings.Repeat("ü", MaxSubjectLength),
		Body:    strings.Repeat("b", MaxBodyLength),
	}
	event, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(event); err != nil {
		t.Error(err)
	}
}

func TestDecodeReportsWhatIsWrongAndWhatItMustBe(t *testing.T) {
	const rest = `"channel":"sns","to":"t","body":"b"`
	tests := []struct {
		name, event string
		id          string // that is returned next to the error
		want        []string
	}{
		{"unknown channel", `{"id":"a","channel":"pigeon","to":"t","body":"b"}`, "a", []string{`channel is "pigeon"`, `["sns" "webhook"]`}},
		{"no channel", `{"id":"a","to":"t","body":"b"}`, "a", []string{`channel is ""`}},
		{"channel in capitals", `{"id":"a","channel":"SNS","body":"b"}`, "a", []string{`channel is "SNS"`}},
		{"recipient too long", `{"id":"a","channel":"sns","body":"b","to":"` + strings.Repeat("x", MaxToLength+1) + `"}`, "a", []string{"to has 2049 bytes", "at most 2048"}},
		{"recipient with a line break", `{"id":"a","channel":"sns","body":"b","to":"x\r\ny"}`, "a", []string{"to has 4 bytes", "without control characters"}},
		{"subject too long", `{"id":"a","subject":"` + strings.Repeat("é", MaxSubjectLength+1) + `",` + rest + `}`, "a", []string{"subject has 101 characters", "at most 100"}},
		{"subject with a line break", `{"id":"a","subject":"x\nBcc: y",` + rest + `}`, "a", []string{"subject has 8 characters", "without line breaks"}},
		{"no body", `{"id":"a","channel":"sns","to":"t"}`, "a", []string{"body has 0 bytes", "1 to 241664"}},
		{"body too long", `{"id":"a","channel":"sns","body":"` + strings.Repeat("x", MaxBodyLength+1) + `"}`, "a", []string{"body has 241665 bytes"}},
		{"body that is a number", `{"id":"a","channel":"sns","body":4111111111111111}`, "a", []string{"body is of JSON type number: must be a string"}},
		{"several", `{"id":"a"}`, "a", []string{"channel is", "body has"}},
		{"bytes that are not UTF-8", "{\"id\":\"a\",\"channel\":\"sns\",\"body\":\"\xff\"}", "a", []string{"not UTF-8"}},
		{"no id", `{` + rest + `}`, "", []string{`id is ""`, "1 to 64 printable ASCII characters without spaces"}},
		{"id too long", `{"id":"` + strings.Repeat("i", MaxIDLength+1) + `",` + rest + `}`, "", []string{`id is "` + strings.Repeat("i", 40) + `"...`}},
		{"id with a space", `{"id":"a b",` + rest + `}`, "", []string{`id is "a b"`}},
		{"id with a line break", `{"id":"a\r\nX-Evil: 1",` + rest + `}`, "", []string{`id is "a\r\nX-Evil: 1"`}},
		{"id that is not ASCII", `{"id":"ä",` + rest + `}`, "", []string{`id is "\u00e4"`}},
		{"id that is a number", `{"id":7,` + rest + `}`, "", []string{"id is of JSON type number"}},
		{"null", `null`, "", []string{`id is ""`}},
		{"nothing", ``, "", []string{"not a JSON object"}},
		{"an array", `[{"id":"a"}]`, "", []string{"not a JSON object"}},
		{"cut off", `{"id":"a","channel":"sns","body":"b"`, "", []string{"not a JSON object"}},
		{"followed by more", `{"id":"a",` + rest + `}{}`, "", []string{"not a JSON object"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Decode([]byte(test.event))
			if err == nil {
				t.Fatal("no error")
			}
			if m.ID != test.id {
				t.Errorf("id %q is left, want %q", m.ID, test.id)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error %q does not say %q", err, want)
				}
			}
		})
	}
}

func TestDecodeErrorsHoldNeitherBodyNorSubjectNorRecipient(t *testing.T) {
	for _, event := range []string{
		`{"id":"a","channel":"x","to":"tell-me-not\n","subject":"tell-me-not\n","body":"tell-me-not"}`,
		`{"id":"a b","channel":"x","to":"tell-me-not\n","subject":"tell-me-not\n","body":"tell-me-not"}`,
		`{"id":"a","channel":"sns","body":{"tell-me-not":"tell-me-not"}}`,
		`{"id":"a","channel":"sns","body":"tell-me-not`,
		`tell-me-not`,
	} {
		_, err := Decode([]byte(event))
		if err == nil {
			t.Fatalf("%s: no error", event)
		}
		if strings.Contains(err.Error(), "tell-me-not") {
			t.Errorf("%s: the error holds it: %v", event, err)
		}
	}
}
