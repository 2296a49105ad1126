package wire

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// route is the operation that a request of a REST protocol is for.
type route struct {
	operation *model.Operation
	labels    map[string]string // the values in the path, unescaped
	words     url.Values        // the parameters of the query that name the operation
	members   int               // required ones that the request has
}

// routeOf finds it. Of several it is the one that names most of the query, then the one with fewest labels, and then the
// one of which the request has most required members: S3 copies, puts and uploads a part to the same path.
func routeOf(service *model.Service, request *http.Request) (found route) {
	query := request.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(service.Operations)) {
		operation := service.Operations[name]
		if operation.HTTP.Method != request.Method {
			continue
		}
		path, words, _ := strings.Cut(operation.HTTP.RequestURI, "?")
		r := route{operation: operation}
		var ok bool
		if r.words, ok = named(words, query); !ok {
			continue
		}
		if r.labels, ok = match(path, request.URL.EscapedPath()); !ok {
			continue
		}
		r.members = required(operation.Input, request.Header, query)
		if found.operation == nil || r.compare(found) > 0 {
			found = r
		}
	}
	return found
}

func (r route) compare(other route) int {
	return cmp.Or(cmp.Compare(len(r.words), len(other.words)), cmp.Compare(len(other.labels), len(r.labels)),
		cmp.Compare(r.members, other.members))
}

// required counts the required members of the query and the headers, -1 if one is not there.
func required(input *model.Shape, header http.Header, query url.Values) (count int) {
	for _, name := range input.Required {
		member := input.Members[name]
		in := map[string]bool{"header": header.Get(member.LocationName) != "", "querystring": query.Has(member.LocationName)}
		if there, ok := in[member.Location]; ok && !there {
			return -1
		} else if ok {
			count++
		}
	}
	return count
}

// named holds a query against the words of a template, such as list-type=2 or acl.
func named(words string, query url.Values) (url.Values, bool) {
	wanted, err := url.ParseQuery(words)
	if err != nil {
		return nil, false
	}
	for name, values := range wanted {
		if !query.Has(name) || values[0] != "" && query.Get(name) != values[0] {
			return nil, false
		}
	}
	return wanted, true
}

// match holds a path against a template such as /schedules/{Name}, or /{Bucket}/{Key+} whose last label is all the rest. The
// end of either may be a slash.
func match(template, path string) (labels map[string]string, ok bool) {
	names, parts := strings.Split(strings.Trim(template, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	last := len(names) - 1
	if strings.HasSuffix(names[last], "+}") && len(parts) > last {
		names[last] = strings.Replace(names[last], "+}", "}", 1)
		parts = append(parts[:last:last], strings.Join(parts[last:], "/"))
	}
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
