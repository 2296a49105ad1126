package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// element is one of XML.
type element struct {
	name       string
	attributes []xml.Attr
	text       string
	under      []*element
}

// xml reads the body as a structure, whose members are elements. Without a body there are none.
func (r *read) xml(shape *model.Shape) (map[string]any, error) {
	root, err := tree(r.body)
	if err != nil {
		return nil, r.refuse("MalformedXML",
			"The XML you provided was not well-formed or did not validate against our published schema: %v", err)
	}
	if root == nil {
		return map[string]any{}, nil
	}
	return root.members(shape), nil
}

func tree(body []byte) (root *element, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var open []*element
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local, attributes: t.Attr}
			if len(open) > 0 {
				open[len(open)-1].under = append(open[len(open)-1].under, e)
			} else {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(t)
			}
		}
	}
}

func (e *element) members(shape *model.Shape) map[string]any {
	elements := map[string][]*element{}
	for _, under := range e.under {
		elements[under.name] = append(elements[under.name], under)
	}
	members := map[string]any{}
	for name, member := range shape.Members {
		if member.Location != "" {
			continue
		}
		wired := name
		if member.LocationName != "" {
			wired = member.LocationName
		}
		if value := e.value(member, wired, elements[wired]); value != nil {
			members[name] = value
		}
		delete(elements, wired)
	}
	for name := range elements {
		members[name] = struct{}{} // the structure has no member of that name
	}
	return members
}

// value reads a member from its elements, which are several for a flattened list, or from an attribute.
func (e *element) value(member *model.Member, wired string, elements []*element) any {
	if _, name, ok := strings.Cut(wired, ":"); ok {
		for _, attribute := range e.attributes {
			if attribute.Name.Local == name {
				return scalar(member.Shape.Type, attribute.Value)
			}
		}
	}
	if len(elements) == 0 {
		return nil
	}
	if member.Shape.Type == model.List {
		if !member.Flattened && !member.Shape.Flattened {
			elements = elements[0].under
		}
		all := []any{}
		for _, one := range elements {
			all = append(all, e.value(member.Shape.Member, "", []*element{one}))
		}
		return all
	}
	if member.Shape.Type == model.Structure {
		return elements[0].members(member.Shape)
	}
	return scalar(member.Shape.Type, elements[0].text)
}
