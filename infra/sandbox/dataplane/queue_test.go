package dataplane

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// worked collects what a queue worked off.
type worked struct {
	mu    sync.Mutex
	items []string
}

func (w *worked) add(item string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items = append(w.items, item)
	return len(w.items)
}

func (w *worked) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(slices.Values(w.items))
}

// eventually waits for what is sure to come.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatal("never: ", what)
}

func TestAQueueGoesOnWithWhatAnotherLeft(t *testing.T) {
	folder := t.TempDir()
	first, kill := context.WithCancel(t.Context())
	began := make(chan struct{}, 2)
	q, err := open(first, folder, func(ctx context.Context, _ *entry[string]) (time.Duration, bool) {
		began <- struct{}{}
		<-ctx.Done() // in the middle of it the process ends
		return 0, true
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if err := q.put(entry[string]{ID: id, Due: time.Now(), Item: "item " + id}); err != nil {
			t.Fatal(err)
		}
	}
	<-began
	<-began
	kill()
	q.wait()
	// A file that was being written when the process died is none of the queue's.
	if err := os.WriteFile(filepath.Join(folder, "new-123"), []byte(`{"ID":`), 0o600); err != nil {
		t.Fatal(err)
	}

	var w worked
	second, end := context.WithCancel(t.Context())
	q, err = open(second, folder, func(_ context.Context, e *entry[string]) (time.Duration, bool) {
		w.add(e.Item)
		return 0, true
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "both items are worked off", func() bool { return slices.Equal(w.all(), []string{"item a", "item b"}) })
	eventually(t, "nothing is left", func() bool {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		return err == nil && len(files) == 0
	})
	end()
	q.wait()
}

func TestAnEntryComesBackWithWhatItsWorkChanged(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	var w worked
	q, err := open(ctx, t.TempDir(), func(_ context.Context, e *entry[string]) (time.Duration, bool) {
		done := w.add(e.Item) == 3
		e.Item += "!"
		return time.Millisecond, done
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.put(entry[string]{ID: "a", Item: "item"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "three times", func() bool { return slices.Equal(w.all(), []string{"item", "item!", "item!!"}) })
	end()
	q.wait()
}

func TestTheSameEntryTwiceIsOne(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	release := make(chan struct{})
	var w worked
	q, err := open(ctx, t.TempDir(), func(_ context.Context, e *entry[string]) (time.Duration, bool) {
		<-release
		w.add(e.ID)
		return 0, true
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "a", "b"} {
		if err := q.put(entry[string]{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	close(release)
	eventually(t, "both", func() bool { return len(w.all()) >= 2 })
	end()
	q.wait()
	if got := w.all(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
}
