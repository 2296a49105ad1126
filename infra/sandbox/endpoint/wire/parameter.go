package wire

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// parameter is what a form holds under a name: Tag.1.Key and Tag.1.Value are two under 1 under Tag.
type parameter struct {
	value  string
	unread bool // it has a value, which nobody has read
	under  map[string]*parameter
}

// parameters sorts a form into its tree.
func parameters(form url.Values) *parameter {
	root := &parameter{}
	for name, values := range form {
		at := root
		for part := range strings.SplitSeq(name, ".") {
			if at.under == nil {
				at.under = map[string]*parameter{}
			}
			if at.under[part] == nil {
				at.under[part] = &parameter{}
			}
			at = at.under[part]
		}
		at.value, at.unread = values[0], true
	}
	return root
}

// elements are what stands under numbers, in their order.
func (p *parameter) elements() []*parameter {
	numbers := map[int]*parameter{}
	for name, under := range p.under {
		if n, err := strconv.Atoi(name); err == nil {
			numbers[n] = under
		}
	}
	var all []*parameter
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		all = append(all, numbers[n])
	}
	return all
}

// left are the full names of the parameters that nobody has read.
func (p *parameter) left(name string) []string {
	var names []string
	if p.unread {
		names = append(names, name)
	}
	for _, part := range slices.Sorted(maps.Keys(p.under)) {
		names = append(names, p.under[part].left(strings.TrimPrefix(name+"."+part, "."))...)
	}
	return names
}
