package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// unreadable is what Pulumi answers to every command when a file backend's attributes were cut off in mid-write.
const unreadable = "failed to load checkpoint: EOF"

// errRepaired asks for the next try: the lock of the killed run is still there.
var errRepaired = errors.New("the state can be read again: run `pulumi cancel --yes`, then this command once more")

// repairBackend removes the attribute files that a killed run left half-written in a file backend. Pulumi replaces the state
// itself in one step, but writes NAME.attrs, the checksum next to it, in place (gocloud.dev/blob/fileblob, setAttrs): a kill
// in that moment leaves it empty, and no command can read the stack. Without the file, Pulumi reads the state as it is.
func repairBackend(ctx context.Context, out io.Writer) error {
	described, err := output(ctx, nil, "pulumi", "whoami", "--verbose", "--json")
	if err != nil {
		return err
	}
	var backend struct{ URL string }
	if err := json.Unmarshal(described, &backend); err != nil {
		return fmt.Errorf("pulumi whoami: %w", err)
	}
	folder, isFile := strings.CutPrefix(backend.URL, "file://")
	if !isFile {
		return fmt.Errorf("the state in %s cannot be read: %s", backend.URL, unreadable)
	}
	if rest, inHome := strings.CutPrefix(folder, "~"); inHome {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		folder = home + rest
	}
	folder, _, _ = strings.Cut(folder, "?") // options of the backend
	repaired := false
	err = filepath.WalkDir(filepath.Join(folder, ".pulumi"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".attrs" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil || json.Valid(content) {
			return err
		}
		repaired = true
		fmt.Fprintf(out, "%s: half-written, removed\n", path)
		return os.Remove(path)
	})
	switch {
	case err != nil:
		return err
	case !repaired:
		return fmt.Errorf("the state in %s cannot be read (%s), and no half-written file is the reason", folder, unreadable)
	default:
		return errRepaired
	}
}
