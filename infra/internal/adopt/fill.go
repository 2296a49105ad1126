package adopt

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"strconv"
	"strings"
)

// placeholder is an input in a pattern: {{.name}}, {{.tags.Name}} or {{hashcode .name}}.
var placeholder = regexp.MustCompile(`{{(hashcode )?\.([A-Za-z.]+)}}`)

// place is where an input is put, and what may stand there. All else would be read as something else: as the end of a text in
// JMESPath, as another value of a filter, as an option or a file's name.
type place struct {
	name    string
	allowed *regexp.Regexp
}

var (
	anywhere = place{"an id", regexp.MustCompile(`(?s)^.+$`)}
	// Within quotes, which a backslash could open. https://jmespath.org/specification.html#raw-string-literals
	inQuery = place{"a text in JMESPath", regexp.MustCompile(`^[^'\\[:cntrl:]]+$`)}
	// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html; * and ? are EC2's wildcards.
	inFilter = place{"a value of a filter", regexp.MustCompile(`^[^,='"{}\[\]*?\\[:cntrl:]]+$`)}
	inWord   = place{"a word of a command", regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9:/._@+-]*$`)}
)

// placeOf is where the inputs of a word of a command are put. AWS CLI's queries quote them, and its filters name them.
func placeOf(word string) place {
	switch {
	case strings.Contains(word, "'{{"), strings.Contains(word, "}}'"):
		return inQuery
	case strings.Contains(word, "="):
		return inFilter
	}
	return inWord
}

// fill puts inputs into a pattern. One that is missing, that is no text, or that may not stand there, is an error.
func fill(pattern string, inputs any, where place) (string, error) {
	var problem error
	filled := placeholder.ReplaceAllStringFunc(pattern, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		value := inputs
		for _, key := range strings.Split(parts[2], ".") {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		text, ok := value.(string)
		switch {
		case value == nil:
			problem = fmt.Errorf("its input %s is missing", parts[2])
		case !ok:
			problem = fmt.Errorf("its input %s is no text", parts[2])
		case !where.allowed.MatchString(text):
			problem = fmt.Errorf("its input %s, %q, cannot be %s", parts[2], text, where.name)
		case parts[1] != "":
			return strconv.FormatUint(uint64(hashcode(text)), 10)
		}
		return text
	})
	return filled, problem
}

// hashcode is what Terraform's providers make of a string in an id.
func hashcode(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }
