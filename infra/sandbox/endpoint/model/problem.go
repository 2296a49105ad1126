package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what is wrong with a value, as far as AWS answers kinds with codes of their own.
type Kind int

// The kinds.
const (
	Missing   Kind = iota // a required member is not there
	Invalid               // a constraint does not hold
	Unknown               // the structure has no such member
	Malformed             // the value has another type
)

// Problem is one thing that is wrong with an input.
type Problem struct {
	Kind Kind
	Path Path
	// Value is the value as AWS shows it, empty if it shows none: secrets, lists and long texts.
	Value string
	// Constraint is what does not hold, in AWS's words, such as "Member must not be null".
	Constraint string
}

// maxShown is the longest value that a message repeats, in bytes.
const maxShown = 256

func shown(shape *Shape, value any) string {
	text, ok := value.(string)
	if !ok {
		switch value.(type) {
		case int64, float64, bool:
			text = fmt.Sprint(value)
		}
	}
	if shape.Sensitive || len(text) > maxShown || !utf8.ValidString(text) {
		return ""
	}
	return text
}

// Path leads to a value: members by their names, elements by their numbers from 1, values of a map by their keys.
type Path []Step

// Step is one step of a path.
type Step struct {
	Name  string
	Index int // of an element, from 1
	Key   bool
}

// String is the path in AWS's messages, such as tags.2.member.value.
func (p Path) String() string {
	var parts []string
	for _, step := range p {
		switch {
		case step.Index > 0:
			parts = append(parts, fmt.Sprint(step.Index), "member")
		case step.Key:
			parts = append(parts, step.Name, "member")
		default:
			first, size := utf8.DecodeRuneInString(step.Name)
			parts = append(parts, string(unicode.ToLower(first))+step.Name[size:])
		}
	}
	return strings.Join(parts, ".")
}

// Parameter is the path in EC2's and RDS's messages, such as IpPermissions.1.IpProtocol.
func (p Path) Parameter() string {
	var parts []string
	for _, step := range p {
		if step.Index > 0 {
			parts = append(parts, fmt.Sprint(step.Index))
		} else {
			parts = append(parts, step.Name)
		}
	}
	return strings.Join(parts, ".")
}

func (p Path) and(step Step) Path { return append(p[:len(p):len(p)], step) }
