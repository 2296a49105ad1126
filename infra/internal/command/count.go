package command

import (
	"fmt"
	"strings"
)

// Count is a number of things in words: 1 message, 2 messages, 3 retries.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if stem, ok := strings.CutSuffix(thing, "ry"); ok {
		thing = stem + "rie"
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
