package verifier

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

func TestEC2AnswersAnErrorAsItsSDKsReadIt(t *testing.T) {
	w := form("ec2", ec2, "CreateSecurityGroup").answer(t, newVerifier(t))
	var answer struct {
		XMLName   xml.Name `xml:"Response"`
		Code      string   `xml:"Errors>Error>Code"`
		Message   string   `xml:"Errors>Error>Message"`
		RequestID string
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Code != "MissingParameter" || answer.Message == "" || answer.RequestID == "" {
		t.Errorf("%v: %s", err, w.Body)
	}
}

func TestTheQueryProtocolAnswersAnErrorInTheServicesNamespace(t *testing.T) {
	w := form("iam", iam, "CreateRole").answer(t, newVerifier(t))
	var answer struct {
		XMLName   xml.Name `xml:"https://iam.amazonaws.com/doc/2010-05-08/ ErrorResponse"`
		Type      string   `xml:"Error>Type"`
		Code      string   `xml:"Error>Code"`
		Message   string   `xml:"Error>Message"`
		RequestID string   `xml:"RequestId"`
	}
	err := xml.Unmarshal(w.Body.Bytes(), &answer)
	if err != nil || answer.Type != "Sender" || answer.Code != "ValidationError" || answer.Message == "" || answer.RequestID == "" {
		t.Errorf("%v: %s", err, w.Body)
	}
}

func TestAWSJSONAnswersAnErrorWithItsType(t *testing.T) {
	w := target("kms", "TrentService.DescribeKey", `{}`).answer(t, newVerifier(t))
	var answer map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer["__type"] != "ValidationException" || answer["message"] == "" ||
		w.Header().Get("Content-Type") != "application/x-amz-json-1.1" {
		t.Errorf("%v: %s %s", err, w.Header(), w.Body)
	}
}

func TestSQSAnswersTheCodeOfItsQueryProtocolToo(t *testing.T) {
	w := target("sqs", "AmazonSQS.DeleteQueue", `{}`).answer(t, newVerifier(t))
	if got := w.Header().Get("X-Amzn-Query-Error"); got != "MissingParameter;Sender" {
		t.Errorf("%q", got)
	}
}

func TestRESTAnswersAnErrorWithItsTypeInAHeader(t *testing.T) {
	w := rest("scheduler", http.MethodPost, "/schedules/heartbeat", `{}`).answer(t, newVerifier(t))
	var answer map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer["Message"] == "" || w.Header().Get("X-Amzn-Errortype") != "ValidationException" {
		t.Errorf("%v: %s %s", err, w.Header(), w.Body)
	}
}

func TestS3AnswersAnErrorWithoutAnEnvelope(t *testing.T) {
	w := rest("s3", http.MethodPut, "/bucket?tagging", "").answer(t, newVerifier(t))
	var answer struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
		RequestID     string `xml:"RequestId"`
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Code != "InvalidRequest" || answer.Message == "" || answer.RequestID == "" {
		t.Errorf("%v: %s", err, w.Body)
	}
}

func TestCBORAnswersAnErrorInCBOR(t *testing.T) {
	w := metrics("GetDashboard", map[string]any{}).answer(t, newVerifier(t))
	var answer map[string]string
	if err := cbor.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer["__type"] != "ValidationError" || answer["message"] == "" ||
		w.Header().Get("Smithy-Protocol") != "rpc-v2-cbor" || w.Header().Get("X-Amzn-Query-Error") != "ValidationError;Sender" {
		t.Errorf("%v: %s %v", err, w.Header(), answer)
	}
}
