package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Validate finds what is wrong with the input of an operation. Values have the types string, []byte, bool, int64, float64,
// time.Time, []any and map[string]any: what a decoder could not turn into its shape's type is malformed. A nil is not
// there.
func Validate(input *Shape, value any) []Problem {
	v := &validation{}
	v.value(input, value, nil)
	return v.problems
}

type validation struct{ problems []Problem }

func (v *validation) add(kind Kind, path Path, shape *Shape, value any, format string, args ...any) {
	v.problems = append(v.problems, Problem{kind, path, shown(shape, value), fmt.Sprintf(format, args...)})
}

func (v *validation) value(shape *Shape, value any, path Path) {
	if shape.Document {
		return
	}
	switch shape.Type {
	case Structure:
		v.structure(shape, value, path)
	case List:
		v.list(shape, value, path)
	case Map:
		v.mapping(shape, value, path)
	case String:
		v.text(shape, value, path)
	case Blob:
		if content, ok := value.([]byte); ok {
			v.length(shape, len(content), value, path)
		} else {
			v.malformed(shape, value, path)
		}
	case Integer, Long:
		v.integer(shape, value, path)
	case Float, Double, BigDecimal:
		if number, ok := value.(float64); ok {
			v.limits(shape, number, value, path)
		} else {
			v.malformed(shape, value, path)
		}
	case Boolean:
		if _, ok := value.(bool); !ok {
			v.malformed(shape, value, path)
		}
	case Timestamp:
		if _, ok := value.(time.Time); !ok {
			v.malformed(shape, value, path)
		}
	}
}

func (v *validation) malformed(shape *Shape, value any, path Path) {
	v.add(Malformed, path, shape, value, "Member must be a %s", shape.Type)
}

func (v *validation) structure(shape *Shape, value any, path Path) {
	members, ok := value.(map[string]any)
	if !ok {
		v.malformed(shape, value, path)
		return
	}
	for _, name := range shape.Required {
		if members[name] == nil {
			v.add(Missing, path.and(Step{Name: name}), shape, nil, "Member must not be null")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member, known := shape.Members[name]
		switch {
		case !known:
			v.add(Unknown, path.and(Step{Name: name}), shape, nil, "There is no such member")
		case members[name] != nil:
			v.value(member.Shape, members[name], path.and(Step{Name: name}))
		}
	}
}

func (v *validation) list(shape *Shape, value any, path Path) {
	elements, ok := value.([]any)
	if !ok {
		v.malformed(shape, value, path)
		return
	}
	v.length(shape, len(elements), value, path)
	for i, element := range elements {
		v.value(shape.Member.Shape, element, path.and(Step{Index: i + 1}))
	}
}

func (v *validation) mapping(shape *Shape, value any, path Path) {
	entries, ok := value.(map[string]any)
	if !ok {
		v.malformed(shape, value, path)
		return
	}
	v.length(shape, len(entries), value, path)
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		at := path.and(Step{Name: key, Key: true})
		v.value(shape.Key.Shape, key, at)
		v.value(shape.Value.Shape, entries[key], at)
	}
}

func (v *validation) text(shape *Shape, value any, path Path) {
	text, ok := value.(string)
	if !ok {
		v.malformed(shape, value, path)
		return
	}
	if len(shape.Enum) > 0 && !slices.Contains(shape.Enum, text) {
		v.add(Invalid, path, shape, value, "Member must satisfy enum value set: [%s]", strings.Join(shape.Enum, ", "))
		return
	}
	v.length(shape, utf8.RuneCountInString(text), value, path)
	if !shape.matches(text) {
		v.add(Invalid, path, shape, value, "Member must satisfy regular expression pattern: %s", shape.Pattern)
	}
}

func (v *validation) integer(shape *Shape, value any, path Path) {
	number, ok := value.(int64)
	if !ok || shape.Type == Integer && (number > maxInteger || number < minInteger) {
		v.malformed(shape, value, path)
		return
	}
	v.limits(shape, float64(number), value, path)
}

// length holds the limits of a length or a number of elements.
func (v *validation) length(shape *Shape, length int, value any, path Path) {
	if shape.Min != nil && float64(length) < *shape.Min {
		v.add(Invalid, path, shape, value, "Member must have length greater than or equal to %.0f", *shape.Min)
	}
	if shape.Max != nil && float64(length) > *shape.Max {
		v.add(Invalid, path, shape, value, "Member must have length less than or equal to %.0f", *shape.Max)
	}
}

// limits holds the limits of a value.
func (v *validation) limits(shape *Shape, number float64, value any, path Path) {
	if shape.Min != nil && number < *shape.Min {
		v.add(Invalid, path, shape, value, "Member must have value greater than or equal to %v", *shape.Min)
	}
	if shape.Max != nil && number > *shape.Max {
		v.add(Invalid, path, shape, value, "Member must have value less than or equal to %v", *shape.Max)
	}
}
