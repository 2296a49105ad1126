package model

import (
	"regexp"
	"strings"
)

// expression is a pattern of a model for Go.
type expression struct{ is, not *regexp.Regexp }

// matches reports whether a text is of the shape's pattern, which is compiled when it is first needed. AWS holds a pattern
// against the entire value.
func (s *Shape) matches(text string) bool {
	if s.Pattern == "" || s.excepted() {
		return true
	}
	s.once.Do(func() { s.compiled, _ = compile(s.Pattern) })
	if s.compiled == nil { // of a service that no stack uses: this package's test compiles the others
		return true
	}
	return s.compiled.is.MatchString(text) && (s.compiled.not == nil || !s.compiled.not.MatchString(text))
}

func compile(pattern string) (*expression, error) {
	if replaced, ok := lookarounds[pattern]; ok {
		e := &expression{is: regexp.MustCompile(entire(replaced.is)), not: regexp.MustCompile(entire(replaced.not))}
		return e, nil
	}
	is, err := regexp.Compile(entire(forGo(pattern)))
	if err != nil {
		return nil, err
	}
	return &expression{is: is}, nil
}

func entire(pattern string) string { return `\A(?:` + pattern + `)\z` }

var (
	// supplementary is every character beyond the first 65,536, as Java spells it.
	supplementary = strings.NewReplacer(`\uD800\uDC00-\uDBFF\uDFFF`, `\x{10000}-\x{10FFFF}`)
	codePoint     = regexp.MustCompile(`\\u(10[0-9A-Fa-f]{4}|10000|[0-9A-Fa-f]{4})`)
	// manyTimes is a repetition that is too long for Go. The shapes with one have a greatest length as well.
	manyTimes = regexp.MustCompile(`\{(\d+),\d{4,}\}`)
)

// forGo spells a pattern as Go's expressions do.
func forGo(pattern string) string {
	pattern = codePoint.ReplaceAllString(supplementary.Replace(pattern), `\x{$1}`)
	return manyTimes.ReplaceAllString(pattern, `{$1,}`)
}
