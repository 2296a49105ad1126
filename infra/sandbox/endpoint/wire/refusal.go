package wire

import (
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/fxamacker/cbor/v2"
)

// Refusal is an error of AWS's.
type Refusal struct {
	Status        int // of HTTP; 0 is 400
	Code, Message string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

func (r *read) refuse(code, format string, args ...any) error {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Answer writes a refusal as the called service does.
func (c *Call) Answer(w http.ResponseWriter, refusal *Refusal) {
	id := requestID()
	header := w.Header()
	header.Set("X-Amzn-Requestid", id)
	if c.Service != nil && c.Service.Metadata.QueryErrors != nil && c.Protocol != Query {
		// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
		header.Set("X-Amzn-Query-Error", refusal.Code+";Sender")
	}
	var body []byte
	var err error
	switch c.Protocol {
	case EC2:
		header.Set("Content-Type", "text/xml;charset=UTF-8")
		body, err = ec2Error(refusal, id)
	case Query, RESTXML:
		header.Set("Content-Type", "text/xml")
		body, err = c.queryError(refusal, id)
		if c.Service != nil && c.Service.Name == "s3" {
			body, err = s3Error(refusal, id)
		}
	case CBOR:
		header.Set("Content-Type", "application/cbor")
		header.Set("Smithy-Protocol", "rpc-v2-cbor")
		body, err = cbor.Marshal(map[string]string{"__type": refusal.Code, "message": refusal.Message})
	case JSON:
		header.Set("Content-Type", "application/x-amz-json-"+c.Version)
		body, err = json.Marshal(map[string]string{"__type": refusal.Code, "message": refusal.Message})
	default:
		header.Set("Content-Type", "application/json")
		header.Set("X-Amzn-Errortype", refusal.Code)
		body, err = json.Marshal(map[string]string{"Type": "User", "Message": refusal.Message})
	}
	status := refusal.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(err.Error())
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // who is gone reads no answer
}

// xmlError is an error in XML.
type xmlError struct {
	Type    string `xml:",omitempty"`
	Code    string
	Message string
}

// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html
func ec2Error(refusal *Refusal, id string) ([]byte, error) {
	return xml.Marshal(struct {
		XMLName   xml.Name `xml:"Response"`
		Error     xmlError `xml:"Errors>Error"`
		RequestID string
	}{Error: xmlError{"", refusal.Code, refusal.Message}, RequestID: id})
}

// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
func (c *Call) queryError(refusal *Refusal, id string) ([]byte, error) {
	namespace := ""
	if c.Service != nil {
		namespace = c.Service.Metadata.XMLNamespace
	}
	return xml.Marshal(struct {
		XMLName   xml.Name
		Error     xmlError
		RequestID string `xml:"RequestId"`
	}{xml.Name{Space: namespace, Local: "ErrorResponse"}, xmlError{"Sender", refusal.Code, refusal.Message}, id})
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
func s3Error(refusal *Refusal, id string) ([]byte, error) {
	return xml.Marshal(struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
		RequestID     string `xml:"RequestId"`
	}{Code: refusal.Code, Message: refusal.Message, RequestID: id})
}

func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
