package wire

import (
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// rest reads the protocols of Lambda and Scheduler, and of S3: members in the path, the query, the headers and a body of
// JSON or XML.
func (r *read) rest() error {
	r.call.Protocol = RESTJSON
	if err := r.service(""); err != nil {
		return err
	}
	xml := r.speaks(RESTXML)
	if xml {
		r.call.Protocol = RESTXML
	}
	to := routeOf(r.call.Service, r.request)
	if !xml && !r.speaks(RESTJSON) || to.operation == nil {
		return r.refuse("UnknownOperationException", "%s has no operation at %s %s",
			r.call.Service.Name, r.request.Method, r.request.URL.Path)
	}
	r.call.Operation = to.operation
	if err := r.content(); err != nil {
		return err
	}
	query := r.request.URL.Query()
	for name := range to.words {
		delete(query, name)
	}
	for _, name := range notMembers {
		delete(query, name)
	}
	for name, member := range to.operation.Input.Members {
		var value any
		switch wired := member.LocationName; member.Location {
		case "uri":
			if text, ok := to.labels[wired]; ok {
				value = scalar(member.Shape.Type, text)
			}
		case "header":
			value = inHeader(member.Shape, r.request.Header.Get(wired))
		case "querystring":
			value = inQuery(member.Shape, query[wired])
			delete(query, wired)
		}
		if value != nil {
			r.call.Input[name] = value
		}
	}
	for name := range query {
		r.call.Input[name] = struct{}{} // the operation has no member of that name
	}
	return nil
}

// content reads the body: the members that are nowhere else, or the one that is the body.
func (r *read) content() error {
	input := r.call.Operation.Input
	payload := input.Members[input.Payload]
	if payload != nil && payload.Shape.Type != model.Structure {
		if len(r.body) > 0 {
			r.call.Input[input.Payload] = r.body
			if payload.Shape.Type == model.String {
				r.call.Input[input.Payload] = string(r.body)
			}
		}
		return nil
	}
	shape := input
	if payload != nil {
		shape = payload.Shape
	}
	members, err := r.structure(shape)
	if err != nil {
		return err
	}
	if payload == nil {
		r.call.Input = members
	} else if len(r.body) > 0 {
		r.call.Input[input.Payload] = members
	}
	return nil
}

// structure reads the body as a structure.
func (r *read) structure(shape *model.Shape) (map[string]any, error) {
	if r.call.Protocol == RESTXML {
		return r.xml(shape)
	}
	body, err := r.document()
	if err != nil {
		return nil, err
	}
	members, ok := typed(shape, body).(map[string]any)
	if !ok {
		return nil, r.refuse("SerializationException", "Start of structure or map found where not expected.")
	}
	return members, nil
}

func inHeader(shape *model.Shape, text string) any {
	if text == "" {
		return nil
	}
	if shape.Type == model.List {
		return inQuery(shape, strings.Split(text, ","))
	}
	return scalar(shape.Type, text)
}

func inQuery(shape *model.Shape, values []string) any {
	switch {
	case len(values) == 0:
		return nil
	case shape.Type == model.List:
		var all []any
		for _, text := range values {
			all = append(all, scalar(shape.Member.Shape.Type, strings.TrimSpace(text)))
		}
		return all
	}
	return scalar(shape.Type, values[0])
}
