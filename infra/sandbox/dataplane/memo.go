package dataplane

import (
	"context"
	"sync"
	"time"
)

// memo keeps what the endpoint said for a moment, because a thousand messages at once all ask the same.
type memo[T any] struct {
	ask func(ctx context.Context, key string) (T, error)

	mu   sync.Mutex
	said map[string]answer[T]
}

type answer[T any] struct {
	value T
	at    time.Time
}

// memoTime is how long it takes until a change of the stack shows.
const memoTime = time.Second

func newMemo[T any](ask func(context.Context, string) (T, error)) *memo[T] {
	return &memo[T]{ask: ask, said: map[string]answer[T]{}}
}

// get asks, unless it did so a moment ago. Errors are not kept.
func (m *memo[T]) get(ctx context.Context, key string) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock() // whoever comes meanwhile waits for the one answer
	if said, ok := m.said[key]; ok && time.Since(said.at) < memoTime {
		return said.value, nil
	}
	value, err := m.ask(ctx, key)
	if err == nil {
		m.said[key] = answer[T]{value, time.Now()}
	}
	return value, err
}

// forget has the next get ask.
func (m *memo[T]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.said, key)
}
