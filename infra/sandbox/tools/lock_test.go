package tools

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestTwoRunsAtOnceBuildOnce(t *testing.T) {
	first := checkout(t)
	second := *first
	second.progress = newProgress(&bytes.Buffer{})
	var group sync.WaitGroup
	for _, k := range []*kit{first, &second} {
		group.Go(func() {
			if _, _, err := k.pulumi(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	both := reported(first) + reported(&second)
	for _, what := range []string{"building the Pulumi CLI", "building the random plugin", "building the aws plugin"} {
		if n := strings.Count(both, what+", once, "); n != 2 { // its begin and its end
			t.Errorf("%s: reported %d times\n%s", what, n, both)
		}
	}
}

func TestNoOtherUserCanTakeTheLock(t *testing.T) {
	k := checkout(t)
	path := filepath.Join(k.cache, "lock")
	for _, left := range []os.FileMode{0, 0o644} { // none, and one of an earlier version
		if left != 0 {
			if err := os.Chmod(path, left); err != nil {
				t.Fatal(err)
			}
		}
		unlock, err := k.lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		unlock()
		there, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if there.Mode().Perm() != 0o600 {
			t.Errorf("left with mode %v: it has mode %v", left, there.Mode())
		}
	}
}
