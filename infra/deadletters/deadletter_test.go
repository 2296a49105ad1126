package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var stackOutputs = &outputs{SenderARN: senderARN, UpdaterName: "updater"}

func TestUndeliveredMessageIsReadAsARequestOrAsTheInputItself(t *testing.T) {
	quoted, err := json.Marshal(event("m-1"))
	if err != nil {
		t.Fatal(err)
	}
	inBase64 := base64.StdEncoding.EncodeToString([]byte(event("m-1")))
	for name, body := range map[string]string{
		"a request with its payload as text":   `{"FunctionName":"` + senderARN + `","InvocationType":"Event","Payload":` + string(quoted) + `}`,
		"a request with its payload as object": `{"FunctionName":"` + senderARN + `","Payload":` + event("m-1") + `}`,
		"a request with its payload in base64": `{"FunctionName":"` + senderARN + `","Payload":"` + inBase64 + `"}`,
		"the input":                            event("m-1"),
	} {
		m := &deadLetter{body: body}
		m.decodeUndelivered(schedulerAttributes("group/order-1"), stackOutputs)
		if m.parseErr != nil || m.skipReason != "" || m.messageID != "m-1" || string(m.event) != event("m-1") || m.schedule != "order-1" {
			t.Errorf("%s is read as %+v", name, m)
		}
	}
}

func TestMessageThatTheSenderRefusesIsSentForItsRowToTell(t *testing.T) {
	m := &deadLetter{body: `{"id":"m-1","channel":"pigeon","body":"b"}`}
	m.decodeUndelivered(schedulerAttributes("group/order-1"), stackOutputs)
	if m.parseErr != nil || m.messageID != "m-1" {
		t.Errorf("read as %+v", m)
	}
}

func TestDeadLetterWithoutAttributesOrSenseStaysAndShowsNothing(t *testing.T) {
	for _, body := range []string{"", "null", "[]", secretWords, `{"body":"` + secretWords + `"}`, `{"id":"a b","body":"` + secretWords + `"}`} {
		for _, read := range []func(*deadLetter){
			func(m *deadLetter) { m.decodeUndelivered(nil, stackOutputs) },
			func(m *deadLetter) { m.decodeUnwritten(stackOutputs) },
			func(m *deadLetter) {
				m.body = unwrittenRecord(`{"version":"1.0","requestPayload":"` + secretWords + `"}`)
				m.decodeUnwritten(stackOutputs)
			},
		} {
			m := &deadLetter{body: body}
			read(m)
			if m.parseErr == nil || m.messageID != "" {
				t.Errorf("%q is read as %+v", body, m)
			} else if strings.Contains(m.parseErr.Error()+m.reason, secretWords) {
				t.Errorf("shows the message: %v", m.parseErr)
			}
		}
	}
}

func TestRecordOfAnotherFunctionIsNotForTheUpdater(t *testing.T) {
	m := &deadLetter{body: strings.Replace(unwrittenRecord(sentRecord("m-1")), "function:updater:", "function:updater-2:", 1)}
	if m.decodeUnwritten(stackOutputs); m.parseErr == nil {
		t.Errorf("read as %+v", m)
	}
}

func TestOutputsThatAreMissingAreNamedTogether(t *testing.T) {
	file := filepath.Join(t.TempDir(), "outputs.json")
	if err := os.WriteFile(file, []byte(`{"senderArn":"a","updaterName":"b","statusName":"d","tryIt":"c"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readOutputs(t.Context(), "", file)
	if err == nil || !strings.HasSuffix(err.Error(), "lack undeliveredQueueUrl, undeliveredQueueArn, unwrittenQueueUrl, scheduleGroupName, schedulerRoleArn") {
		t.Errorf("got %v", err)
	}
}
