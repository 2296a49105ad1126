package endpoint

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

const cloudWatchService = "GraniteServiceVersion20100801"

// cloudWatch translates the protocol of today's AWS SDKs, smithy RPC v2 CBOR, to and from AWS JSON 1.0. Of
// CloudWatch's older protocols that moto speaks this is the nearest: the same names, shapes and errors.
func cloudWatch(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		operation, ok := strings.CutPrefix(r.URL.Path, "/service/"+cloudWatchService+"/operation/")
		if !ok {
			return next.RoundTrip(r)
		}
		if err := requestToJSON(r, operation); err != nil {
			return nil, err
		}
		response, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		return response, responseToCBOR(response)
	})
}

func requestToJSON(r *http.Request, operation string) error {
	body, err := readAll(r.Body)
	if err != nil {
		return err
	}
	decoder, err := cbor.DecOptions{
		DefaultMapType: reflect.TypeFor[map[string]any](),
		TimeTagToAny:   cbor.TimeTagToRFC3339Nano, // a time that moto reads in JSON too
	}.DecMode()
	if err != nil {
		return err
	}
	input := map[string]any{}
	if err := decoder.Unmarshal(body, &input); err != nil && len(body) > 0 { // without input there is no body
		return err
	}
	body, err = json.Marshal(input)
	if err != nil {
		return err
	}
	r.URL.Path = "/"
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", cloudWatchService+"."+operation)
	setRequestBody(r, body)
	return nil
}

func responseToCBOR(r *http.Response) error {
	body, err := readAll(r.Body)
	if err != nil {
		return err
	}
	var output map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // keeps integers apart from floats, which no SDK takes for an integer
	if err := decoder.Decode(&output); err != nil {
		// What moto itself fails at, such as an operation that it does not have, comes as a page of HTML.
		output = map[string]any{"__type": "InternalFailure", "message": "moto: " + r.Status}
	}
	body, err = cbor.Marshal(typed("", output))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/cbor")
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor") // without it, an SDK reads nothing
	setResponseBody(r, body)
	return nil
}

// timestamps are the members of CloudWatch's answers that JSON shows as mere numbers. They are the only ones
// that need a table: JSON distinguishes strings, booleans and numbers, and a double may be a CBOR integer.
var timestamps = map[string]bool{
	"AlarmConfigurationUpdatedTimestamp": true, "StateTransitionedTimestamp": true, "StateUpdatedTimestamp": true,
	"LastUpdatedTimestamp": true, "Timestamp": true, "Timestamps": true, "StartTime": true, "EndTime": true,
	"StartDate": true, "ExpireDate": true, "CreationDate": true, "LastUpdateDate": true, "LastModified": true,
}

// typed gives every number below a value its CBOR type; name is the member that holds the value.
func typed(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = typed(name, member)
		}
	case []any:
		for i, element := range v {
			v[i] = typed(name, element)
		}
	case json.Number:
		float, _ := v.Float64() // the decoder has checked it
		if timestamps[name] {
			return cbor.Tag{Number: 1, Content: float}
		}
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		return float
	}
	return value
}
