// Package terminal makes text from outside fit to be printed. A terminal obeys control characters: text that reaches it
// as it came may clear the screen, set the title, or fake the lines of the program that prints it.
package terminal

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable is text on one line, with each character that is not visible or a space written as Go does, such as \x1b or
// \u202e: the control characters of ASCII and Latin-1, the line separators, all that changes the direction of the text or
// has no width, and bytes that are not UTF-8. All else stays as it is, so that no backslash in the text is doubled.
func Printable(text string) string {
	if !strings.ContainsFunc(text, escaped) && utf8.ValidString(text) {
		return text
	}
	var line strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			line.WriteString(`\x` + strconv.FormatUint(uint64(text[0])|0x100, 16)[1:])
		case escaped(r):
			line.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			line.WriteRune(r)
		}
		text = text[size:]
	}
	return line.String()
}

// Lines is Printable for text whose line breaks are its writer's own, such as the end of a log.
func Lines(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, Printable(line))
	}
	return strings.Join(lines, "\n")
}

func escaped(r rune) bool { return !unicode.IsGraphic(r) }
