package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var stackOutputs = &outputs{SenderARN: senderARN, UpdaterName: "updater"}

func TestUndeliveredLetterIsReadAsARequestOrAsTheInputItself(t *testing.T) {
	quoted, err := json.Marshal(event("m-1"))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"a request with its payload as text":   `{"FunctionName":"` + senderARN + `","InvocationType":"Event","Payload":` + string(quoted) + `}`,
		"a request with its payload as object": `{"FunctionName":"` + senderARN + `","Payload":` + event("m-1") + `}`,
		"the input":                            event("m-1"),
	} {
		l := &letter{body: body}
		l.readUndelivered(schedulerAttributes("group/order-1"), stackOutputs)
		if l.unclear != nil || l.empty != "" || l.messageID != "m-1" || string(l.event) != event("m-1") || l.schedule != "order-1" {
			t.Errorf("%s is read as %+v", name, l)
		}
	}
}

func TestMessageThatTheSenderRefusesIsSentForItsRowToTell(t *testing.T) {
	l := &letter{body: `{"id":"m-1","channel":"pigeon","body":"b"}`}
	l.readUndelivered(schedulerAttributes("group/order-1"), stackOutputs)
	if l.unclear != nil || l.messageID != "m-1" {
		t.Errorf("read as %+v", l)
	}
}

func TestLetterWithoutAttributesOrSenseStaysAndTellsNothing(t *testing.T) {
	for _, body := range []string{"", "null", "[]", secretWords, `{"body":"` + secretWords + `"}`, `{"id":"a b","body":"` + secretWords + `"}`} {
		for _, read := range []func(*letter){
			func(l *letter) { l.readUndelivered(nil, stackOutputs) },
			func(l *letter) { l.readUnwritten(stackOutputs) },
			func(l *letter) {
				l.body = unwrittenRecord(`{"version":"1.0","requestPayload":"` + secretWords + `"}`)
				l.readUnwritten(stackOutputs)
			},
		} {
			l := &letter{body: body}
			read(l)
			if l.unclear == nil || l.messageID != "" {
				t.Errorf("%q is read as %+v", body, l)
			} else if strings.Contains(l.unclear.Error()+l.why, secretWords) {
				t.Errorf("tells the message: %v", l.unclear)
			}
		}
	}
}

func TestRecordOfAnotherFunctionIsNotForTheUpdater(t *testing.T) {
	l := &letter{body: strings.Replace(unwrittenRecord(sentRecord("m-1")), "function:updater:", "function:updater-2:", 1)}
	if l.readUnwritten(stackOutputs); l.unclear == nil {
		t.Errorf("read as %+v", l)
	}
}

func TestOutputsThatAreMissingAreNamedTogether(t *testing.T) {
	file := filepath.Join(t.TempDir(), "outputs.json")
	if err := os.WriteFile(file, []byte(`{"senderArn":"a","updaterName":"b","tryIt":"c"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readOutputs(t.Context(), "", file)
	if err == nil || !strings.HasSuffix(err.Error(), "lack undeliveredQueueUrl, undeliveredQueueArn, unwrittenQueueUrl, scheduleGroupName, schedulerRoleArn") {
		t.Errorf("got %v", err)
	}
}

func TestWrongCommandLineIsRefusedBeforeAnythingIsAsked(t *testing.T) {
	for _, args := range [][]string{{}, {"send"}, {"drop"}, {"list", "x"}, {"resend", "x"}} {
		if err := run(t.Context(), args, nil); err == nil || err.Error() != usage {
			t.Errorf("%v: %v", args, err)
		}
	}
}
