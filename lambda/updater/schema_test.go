package main

import (
	"io/fs"
	"testing"

	"scheduled-messages/lambda/migrator/migrations"
)

// schema is the text of the migrator's files, in the order of their numbers.
func schema(t testing.TB) []string {
	t.Helper()
	names, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %q, %v", names, err)
	}
	var texts []string
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}
