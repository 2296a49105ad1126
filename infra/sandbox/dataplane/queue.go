package dataplane

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// entry is one piece of work that waits in a queue.
type entry[T any] struct {
	ID      string
	Due     time.Time
	Problem string `json:",omitempty"` // why it waits, after an attempt
	Item    T
}

// queue works its entries off, each at its time and at least once: an entry is a file from before put returns until
// its work is done, so that a crash loses none of them.
type queue[T any] struct {
	folder string
	// work does an entry's work. The entry comes back after the pause unless it is done; what work changed in it is
	// kept. It is called from many goroutines, for one entry at a time.
	work func(ctx context.Context, e *entry[T]) (pause time.Duration, done bool)

	ctx     context.Context
	group   sync.WaitGroup
	mu      sync.Mutex
	waiting map[string]bool
}

// open starts a queue with what a former process left in its folder. It works until ctx ends.
func open[T any](
	ctx context.Context, folder string, work func(context.Context, *entry[T]) (time.Duration, bool),
) (*queue[T], error) {
	q := &queue[T]{folder: folder, work: work, ctx: ctx, waiting: map[string]bool{}}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var e entry[T]
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &e)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		q.start(e)
	}
	return q, nil
}

// wait returns when all work has ended, after the end of the queue's context.
func (q *queue[T]) wait() { q.group.Wait() }

// put makes an entry durable, and then has it worked off. The same ID again, while the first waits, changes nothing.
func (q *queue[T]) put(e entry[T]) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting[e.ID] {
		return nil
	}
	if err := q.save(e); err != nil {
		return err
	}
	q.waiting[e.ID] = true
	q.group.Go(func() { q.run(e) })
	return nil
}

func (q *queue[T]) start(e entry[T]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting[e.ID] = true
	q.group.Go(func() { q.run(e) })
}

func (q *queue[T]) run(e entry[T]) {
	for {
		select {
		case <-q.ctx.Done():
			return
		case <-time.After(time.Until(e.Due)):
		}
		pause, done := q.work(q.ctx, &e)
		switch {
		case q.ctx.Err() != nil:
			return // whatever the result, the next process does it again
		case done:
			q.remove(e.ID)
			return
		}
		e.Due = time.Now().Add(pause)
		_ = q.save(e) // without it, a crash takes it up from where it was saved last
	}
}

// save writes the entry's file so that after any crash it is there, whole, as it was or as it is now.
func (q *queue[T]) save(e entry[T]) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return writeDurably(q.file(e.ID), text)
}

func (q *queue[T]) remove(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	_ = os.Remove(q.file(id)) // a file that stays is worked off once more: at least once
	delete(q.waiting, id)
}

func (q *queue[T]) file(id string) string { return filepath.Join(q.folder, id+".json") }

// writeDurably replaces a file: all of it, or nothing.
func writeDurably(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// readFile is os.ReadFile for a file that need not be there.
func readFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// postpone has work come again that the sandbox itself could not do. What was wrong is kept for who asks what waits, and
// logged once.
func postpone[T any](p *plane, e *entry[T], problem error) (pause time.Duration, done bool) {
	if e.Problem != problem.Error() {
		e.Problem = problem.Error()
		p.log.Printf("%s waits: %v", e.ID, problem)
	}
	return awayPause, false
}

// idFor is an id in the form of a UUID: always the same for the same words.
func idFor(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
