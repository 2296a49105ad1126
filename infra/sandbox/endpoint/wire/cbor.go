package wire

import (
	"reflect"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// cborPath begins the paths of smithy RPC v2: /service/SHAPE/operation/OPERATION.
const cborPath = "/service/"

// cbor reads smithy RPC v2 with CBOR. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
func (r *read) cbor() error {
	r.call.Protocol = CBOR
	if err := r.service(""); err != nil {
		return err
	}
	parts := strings.Split(strings.TrimPrefix(r.request.URL.Path, cborPath), "/")
	known := r.speaks(CBOR) && len(parts) == 3 && parts[0] == r.call.Service.Metadata.TargetPrefix && parts[1] == "operation"
	if !known || !r.operation(parts[2]) {
		return r.refuse("UnknownOperationException", "%s has no operation at %s", r.call.Service.Name, r.request.URL.Path)
	}
	if len(r.body) == 0 { // an operation without input
		return nil
	}
	decoder, err := cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any]()}.DecMode()
	if err != nil {
		return err
	}
	var body any
	if err := decoder.Unmarshal(r.body, &body); err != nil {
		return r.refuse("SerializationException", "%v", err)
	}
	input, ok := typedCBOR(r.call.Operation.Input, body).(map[string]any)
	if !ok {
		return r.refuse("SerializationException", "the body is no map")
	}
	r.call.Input = input
	return nil
}

// typedCBOR turns a decoded value into one of a shape. CBOR has all types but the width of numbers.
func typedCBOR(shape *model.Shape, value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, element := range v {
			if member, ok := shape.Members[name]; ok {
				v[name] = typedCBOR(member.Shape, element)
			} else if shape.Type == model.Map {
				v[name] = typedCBOR(shape.Value.Shape, element)
			}
		}
	case []any:
		if shape.Type == model.List {
			for i, element := range v {
				v[i] = typedCBOR(shape.Member.Shape, element)
			}
		}
	case uint64:
		return wide(shape, int64(v))
	case int64:
		return wide(shape, v)
	case time.Time:
		return v
	}
	return value
}

func wide(shape *model.Shape, number int64) any {
	switch shape.Type {
	case model.Float, model.Double, model.BigDecimal:
		return float64(number)
	}
	return number // for a time too, which needs a tag
}
