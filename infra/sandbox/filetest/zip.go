// Package filetest has what tests do with files: archives to write, programs to find.
package filetest

import (
	"archive/zip"
	"bytes"
	"testing"
)

// Zip is an archive with these files, by name.
func Zip(t testing.TB, contents map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range contents {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
