package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// json reads AWS JSON: a body, and the operation in a header, such as AmazonSQS.SendMessage.
func (r *read) json() error {
	r.call.Protocol = JSON
	if err := r.service(""); err != nil {
		return err
	}
	_, r.call.Version, _ = strings.Cut(r.request.Header.Get("Content-Type"), "application/x-amz-json-")
	prefix, name, _ := strings.Cut(r.request.Header.Get("X-Amz-Target"), ".")
	if prefix != r.call.Service.Metadata.TargetPrefix || !r.operation(name) {
		return r.refuse("UnknownOperationException", "%s has no operation %s.%s", r.call.Service.Name, prefix, name)
	}
	body, err := r.document()
	if err != nil {
		return err
	}
	input, ok := typed(r.call.Operation.Input, body).(map[string]any)
	if !ok {
		return r.refuse("SerializationException", "Start of structure or map found where not expected.")
	}
	r.call.Input = input
	return nil
}

// document is the body's JSON, with its numbers as they were written, and an empty structure where there is no body.
func (r *read) document() (any, error) {
	if len(bytes.TrimSpace(r.body)) == 0 {
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.UseNumber()
	var body any
	if err := decoder.Decode(&body); err != nil {
		return nil, r.refuse("SerializationException", "%v", err)
	}
	if decoder.More() {
		return nil, r.refuse("SerializationException", "unexpected token after the end of the body")
	}
	return body, nil
}

// typed turns a decoded value of JSON or CBOR into one of a shape. What it cannot be stays as it is, which is malformed.
func typed(shape *model.Shape, value any) any {
	switch v := value.(type) {
	case map[string]any:
		return typedMembers(shape, v)
	case []any:
		if shape.Type == model.List {
			for i, element := range v {
				v[i] = typed(shape.Member.Shape, element)
			}
		}
	case json.Number:
		return typedNumber(shape, v)
	case string:
		return typedText(shape, v)
	}
	return value
}

// typedMembers gives the members of a structure the model's names.
func typedMembers(shape *model.Shape, value map[string]any) any {
	switch {
	case shape.Type == model.Map:
		for key, element := range value {
			value[key] = typed(shape.Value.Shape, element)
		}
	case shape.Type == model.Structure && !shape.Document:
		for name, member := range shape.Members {
			wired := name
			if member.LocationName != "" && member.Location == "" {
				wired = member.LocationName
			}
			element, given := value[wired]
			if !given || member.Location != "" {
				continue
			}
			delete(value, wired)
			value[name] = typed(member.Shape, element)
		}
	}
	return value
}

func typedNumber(shape *model.Shape, number json.Number) any {
	switch shape.Type {
	case model.Integer, model.Long:
		if value, err := number.Int64(); err == nil {
			return value
		}
	case model.Float, model.Double, model.BigDecimal:
		if value, err := number.Float64(); err == nil {
			return value
		}
	case model.Timestamp:
		if value, err := number.Float64(); err == nil {
			return seconds1970(value)
		}
	}
	return number
}

// typedText reads a text where JSON has no type of its own: blobs, times, and numbers such as NaN.
func typedText(shape *model.Shape, text string) any {
	switch shape.Type {
	case model.Blob:
		if value, err := base64.StdEncoding.DecodeString(text); err == nil {
			return value
		}
	case model.Timestamp:
		if value, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return value
		}
	case model.Float, model.Double:
		if text == "NaN" || text == "Infinity" || text == "-Infinity" {
			return scalar(shape.Type, text)
		}
	}
	return text
}
