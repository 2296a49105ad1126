package wire

import (
	"net/url"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// rest reads the protocol of Lambda and Scheduler: members in the path, the query, the headers and a body of JSON.
func (r *read) rest() error {
	r.call.Protocol = RESTJSON
	if err := r.service(""); err != nil {
		return err
	}
	if !r.speaks(RESTJSON) {
		return r.noOperation()
	}
	operation, labels := route(r.call.Service, r.request.Method, r.request.URL.EscapedPath())
	if operation == nil {
		return r.noOperation()
	}
	r.call.Operation = operation
	if err := r.content(); err != nil {
		return err
	}
	query := r.request.URL.Query()
	for name, member := range operation.Input.Members {
		var value any
		switch wired := member.LocationName; member.Location {
		case "uri":
			if text, ok := labels[wired]; ok {
				value = scalar(member.Shape.Type, text)
			}
		case "header":
			if text := r.request.Header.Get(wired); text != "" {
				value = scalar(member.Shape.Type, text)
			}
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

func (r *read) noOperation() error {
	return r.refuse("UnknownOperationException", "%s has no operation at %s %s",
		r.call.Service.Name, r.request.Method, r.request.URL.Path)
}

// content reads the body: the members that are nowhere else, or the one that is the body.
func (r *read) content() error {
	input := r.call.Operation.Input
	payload := input.Members[input.Payload]
	if payload != nil && payload.Shape.Type == model.Blob {
		if len(r.body) > 0 {
			r.call.Input[input.Payload] = r.body
		}
		return nil
	}
	body, err := r.document()
	if err != nil {
		return err
	}
	if payload != nil {
		r.call.Input[input.Payload] = typed(payload.Shape, body)
		return nil
	}
	members, ok := typed(input, body).(map[string]any)
	if !ok {
		return r.refuse("SerializationException", "Start of structure or map found where not expected.")
	}
	r.call.Input = members
	return nil
}

func inQuery(shape *model.Shape, values []string) any {
	switch {
	case len(values) == 0:
		return nil
	case shape.Type == model.List:
		var all []any
		for _, text := range values {
			all = append(all, scalar(shape.Member.Shape.Type, text))
		}
		return all
	}
	return scalar(shape.Type, values[0])
}

// route finds the operation at a path, and the values of the path's labels. Of two it is the one with fewer labels.
func route(service *model.Service, method, path string) (found *model.Operation, labels map[string]string) {
	for _, operation := range service.Operations {
		if operation.HTTP.Method != method {
			continue
		}
		if values, ok := match(operation.HTTP.RequestURI, path); ok && (found == nil || len(values) < len(labels)) {
			found, labels = operation, values
		}
	}
	return found, labels
}

// match holds a path against a template such as /schedules/{Name}. The end of either may be a slash.
func match(template, path string) (labels map[string]string, ok bool) {
	template, _, _ = strings.Cut(template, "?")
	names, parts := strings.Split(strings.Trim(template, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	if len(names) != len(parts) {
		return nil, false
	}
	labels = map[string]string{}
	for i, name := range names {
		text, err := url.PathUnescape(parts[i])
		if label, ok := strings.CutPrefix(name, "{"); ok && err == nil && text != "" {
			labels[strings.TrimSuffix(label, "}")] = text
		} else if name != parts[i] {
			return nil, false
		}
	}
	return labels, true
}
