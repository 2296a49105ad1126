package wire

import (
	"maps"
	"net/url"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// notMembers are parameters of every request: what is asked for, and a signature in the address.
var notMembers = []string{"Action", "Version", "x-id", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
	"X-Amz-SignedHeaders", "X-Amz-Security-Token", "X-Amz-Signature"}

// query reads the protocol of IAM, RDS, SNS and others, and EC2's: a form with an Action and a Version.
func (r *read) query() error {
	form := r.request.URL.Query()
	body, malformed := url.ParseQuery(string(r.body))
	maps.Copy(form, body)
	r.call.Protocol = Query
	version := form.Get("Version")
	if err := r.service(version); err != nil || version == "" {
		if r.service("") != nil { // of any version
			return err
		}
		return r.noAction(form)
	}
	if r.speaks(EC2) {
		r.call.Protocol = EC2
	}
	if malformed != nil {
		return r.refuse("MalformedQueryString", "The query string contains a syntax error: %v", malformed)
	}
	if !r.operation(form.Get("Action")) {
		return r.noAction(form)
	}
	for _, name := range notMembers {
		form.Del(name)
	}
	tree := parameters(form)
	r.call.Input = fieldsOf(r.call).structure(r.call.Operation.Input, tree)
	for _, name := range tree.left("") {
		r.call.Input[name] = struct{}{} // the operation has no member of that name
	}
	return nil
}

func (r *read) noAction(form url.Values) error {
	version := form.Get("Version")
	if version == "" {
		version = "NO_VERSION_SPECIFIED"
	}
	return r.refuse("InvalidAction", "Could not find operation %s for version %s", form.Get("Action"), version)
}

// read reads what a parameter holds of a shape, nil if there is none.
func (f fields) read(shape *model.Shape, as field, p *parameter) any {
	if p == nil {
		return nil
	}
	switch shape.Type {
	case model.Structure:
		return f.structure(shape, p)
	case model.List:
		return f.list(shape, as, p)
	case model.Map:
		return f.mapping(shape, as, p)
	}
	if !p.unread { // what stands under it stays unread
		return nil
	}
	p.unread = false
	return scalar(shape.Type, p.value)
}

func (f fields) structure(shape *model.Shape, p *parameter) map[string]any {
	members := map[string]any{}
	for name, member := range shape.Members {
		as := f.of(name, member)
		if value := f.read(member.Shape, as, p.under[as.name]); value != nil {
			members[name] = value
		}
	}
	return members
}

func (f fields) list(shape *model.Shape, as field, p *parameter) any {
	if p.unread {
		p.unread = false
		if p.value != "" {
			return p.value // which is no list
		}
		return []any{} // how an empty one is sent
	}
	holders := []*parameter{p}
	if !as.flattened { // AWS reads member where the elements have a name of their own, too
		holders = []*parameter{p.under["member"], p.under[shape.Member.LocationName]}
	}
	all := []any{}
	for _, holder := range holders {
		if holder == nil {
			continue
		}
		for _, element := range holder.elements() {
			all = append(all, f.read(shape.Member.Shape, f.within(shape.Member), element))
		}
	}
	return all
}

func (f fields) mapping(shape *model.Shape, as field, p *parameter) any {
	if !as.flattened {
		p = p.under["entry"]
	}
	all := map[string]any{}
	if p == nil {
		return all
	}
	for _, entry := range p.elements() {
		if key, ok := f.read(shape.Key.Shape, field{}, entry.under[as.key]).(string); ok {
			all[key] = f.read(shape.Value.Shape, f.within(shape.Value), entry.under[as.value])
		}
	}
	return all
}
