package jsonlog_test

import (
	"bytes"
	"encoding/json"
	"log"
	"strings"
	"testing"

	"scheduled-messages/lambda/internal/jsonlog"
)

func TestAllLinesAreJSONAndAnErrorIsLoggedOnce(t *testing.T) {
	var out bytes.Buffer
	logger := jsonlog.New(&out)
	defer log.SetOutput(log.Writer())
	logger.Error("failed", "error", "mine")
	log.Printf("%s", `{"errorMessage":"mine","errorType":"errorString"}`) // as the Lambda library does after it
	log.Printf("%s", `{"errorMessage":"a panic","errorType":"string","stackTrace":[{"path":"p"}]}`)
	log.Print("two\nlines")
	log.Printf("Unsolicited response received on idle HTTP channel starting with %q; err=%v", "HTTP/1.1 200 tell-me-not", nil) // as net/http does
	var messages []string
	for text := range strings.Lines(out.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		messages = append(messages, line["msg"].(string))
	}
	if strings.Contains(out.String(), "tell-me-not") || !strings.Contains(messages[len(messages)-1], "Unsolicited response") {
		t.Errorf("what a server has sent is in the log: %s", &out)
	}
	if len(messages) != 4 || messages[0] != "failed" || !strings.Contains(messages[1], "a panic") || messages[2] != "two\nlines" {
		t.Errorf("got %q", messages)
	}
}
