package terminal

import "testing"

func TestNoCharacterThatATerminalObeysIsPrinted(t *testing.T) {
	for text, want := range map[string]string{
		"Rate exceeded":              "Rate exceeded",
		"Grüße, 東京, 🎉 e\u0301":       "Grüße, 東京, 🎉 e\u0301",
		`{"body":"a\nb \u202e"}`:     `{"body":"a\nb \u202e"}`,
		"\x1b]0;title\x07":           `\x1b]0;title\a`,
		"\x1b[2J\x1b[H":              `\x1b[2J\x1b[H`,
		"a\rdeleted\n  all\tis well": `a\rdeleted\n  all\tis well`,
		"\x00\x08\x7f":               `\x00\b\x7f`,
		"\u009b31m\u0085":            `\u009b31m\u0085`,
		"\x9b31m\xff":                `\x9b31m\xff`,
		"a\u202eb\u2066c\u200fd":     `a\u202eb\u2066c\u200fd`,
		"a\u061cb\u2028c\ufeff":      `a\u061cb\u2028c\ufeff`,
		"\U000e0041":                 `\U000e0041`,
		"'quoted' \ufffd":            "'quoted' \ufffd",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}

func TestLinesKeepTheirBreaksAndNothingElse(t *testing.T) {
	if got, want := Lines("one\ntwo\r\x1b[2J\n"), "one\ntwo"+`\r\x1b[2J`+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
