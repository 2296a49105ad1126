package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// field is how the query protocol writes a member, an element or a value.
type field struct {
	name       string
	flattened  bool // elements and entries stand directly under the name
	key, value string
}

// fields are how a service writes its members in the query protocol.
type fields struct {
	protocol Protocol
	others   map[string]field // of the members that the model calls otherwise
}

// sqsFields are SQS's. Its model is one of AWS JSON now and has them no more; AWS serves both protocols.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonParameters.html
var sqsFields = map[string]field{
	"Attributes":              {"Attribute", true, "Name", "Value"},
	"AttributeNames":          {name: "AttributeName", flattened: true},
	"tags":                    {"Tag", true, "Key", "Value"},
	"Tags":                    {"Tag", true, "Key", "Value"},
	"TagKeys":                 {name: "TagKey", flattened: true},
	"MessageAttributes":       {"MessageAttribute", true, "Name", "Value"},
	"MessageSystemAttributes": {"MessageSystemAttribute", true, "Name", "Value"},
	"MessageAttributeNames":   {name: "MessageAttributeName", flattened: true},
	"AWSAccountIds":           {name: "AWSAccountId", flattened: true},
	"Actions":                 {name: "ActionName", flattened: true},
}

func fieldsOf(call *Call) fields {
	f := fields{protocol: call.Protocol}
	if call.Service.Name != "sqs" {
		return f
	}
	f.others = sqsFields
	if strings.HasSuffix(call.Operation.Name, "Batch") {
		f.others = map[string]field{
			"Entries":           {name: call.Operation.Name + "RequestEntry", flattened: true},
			"MessageAttributes": sqsFields["MessageAttributes"],
		}
	}
	return f
}

// of is the field of a structure's member.
func (f fields) of(name string, member *model.Member) field {
	if other, ok := f.others[name]; ok {
		return other
	}
	is := f.within(member)
	is.name = name
	switch {
	case f.protocol == EC2 && member.QueryName != "":
		is.name = member.QueryName
	case f.protocol == EC2 && member.LocationName != "":
		first, size := utf8.DecodeRuneInString(member.LocationName)
		is.name = string(unicode.ToUpper(first)) + member.LocationName[size:]
	case is.flattened && f.protocol == Query && member.Shape.Member != nil && member.Shape.Member.LocationName != "":
		is.name = member.Shape.Member.LocationName
	case member.LocationName != "":
		is.name = member.LocationName
	}
	return is
}

// within is the field of an element or of a map's value, which has no name of its own.
func (f fields) within(member *model.Member) field {
	is := field{flattened: f.protocol == EC2 || member.Flattened || member.Shape.Flattened, key: "key", value: "value"}
	if key := member.Shape.Key; key != nil && key.LocationName != "" {
		is.key = key.LocationName
	}
	if value := member.Shape.Value; value != nil && value.LocationName != "" {
		is.value = value.LocationName
	}
	return is
}
