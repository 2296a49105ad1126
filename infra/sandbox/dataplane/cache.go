package dataplane

import (
	"context"
	"sync"
	"time"
)

// cache keeps what the endpoint answered for a moment, because a thousand messages at once all ask the same.
type cache[T any] struct {
	ask func(ctx context.Context, key string) (T, error)

	mu      sync.Mutex
	answers map[string]answer[T]
}

type answer[T any] struct {
	value T
	at    time.Time
}

// cacheTime is how long it takes until a change of the stack shows.
const cacheTime = time.Second

func newCache[T any](ask func(context.Context, string) (T, error)) *cache[T] {
	return &cache[T]{ask: ask, answers: map[string]answer[T]{}}
}

// get asks, unless it did so a moment ago. Errors are not kept.
func (c *cache[T]) get(ctx context.Context, key string) (T, error) {
	c.mu.Lock()
	defer c.mu.Unlock() // whoever comes meanwhile waits for the one answer
	if kept, ok := c.answers[key]; ok && time.Since(kept.at) < cacheTime {
		return kept.value, nil
	}
	value, err := c.ask(ctx, key)
	if err == nil {
		c.answers[key] = answer[T]{value, time.Now()}
	}
	return value, err
}

// forget has the next get ask.
func (c *cache[T]) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.answers, key)
}
