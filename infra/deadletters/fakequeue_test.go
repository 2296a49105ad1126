package main

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// fakeSQS is one standard queue with what is hard about SQS, on the clock of a synctest bubble: a call takes time, an
// answer has one to ten of the visible messages at random, now and then one that is in flight or deleted, and a message is
// visible again when its timeout ends. The other queue of the stack is empty.
type fakeSQS struct {
	t        *testing.T
	takes    time.Duration // a call, each
	few      bool          // answers of one to ten, not of ten
	repeated int           // in so many answers one message is handed out again; 0: in none
	leaks    time.Duration // after which a message is visible whatever was asked; 0: never
	body     func(id string) string
	onAnswer func()

	random   *rand.Rand
	visible  []*fakeMessage
	flight   flight
	receipts map[string]*fakeMessage
	deleted  []*fakeMessage
	alive    int // visible or in flight
	receives int
}

// fakeMessage is in flight until a time, or visible when that is zero.
type fakeMessage struct {
	id, receipt string
	attributes  map[string]types.MessageAttributeValue
	sent        time.Time
	until       time.Time
	gone        bool
	received    int
}

const queueURL = "https://sqs.us-east-1.amazonaws.com/123456789012/undelivered"

// newFakeSQS is a queue of n messages that came an hour ago, and a command's screen. Each call takes so long.
func newFakeSQS(t *testing.T, n int, takes time.Duration) (*fakeSQS, *screen) {
	f := &fakeSQS{t: t, takes: takes, random: rand.New(rand.NewPCG(1, 2)), receipts: map[string]*fakeMessage{}, body: event}
	f.fill(0, n)
	time.Sleep(time.Hour)
	return f, &screen{}
}

// fill sends n messages, whose ids go on with number.
func (f *fakeSQS) fill(number, n int) {
	f.alive += n
	for i := range n {
		f.visible = append(f.visible, &fakeMessage{id: fmt.Sprintf("m-%d", number+i), sent: time.Now()})
	}
}

// inFlight are the messages that others cannot receive now.
func (f *fakeSQS) inFlight() int {
	f.lapse()
	return f.alive - len(f.visible)
}

func (f *fakeSQS) lapse() {
	for len(f.flight) > 0 && !f.flight[0].until.After(time.Now()) {
		at := heap.Pop(&f.flight).(deadline)
		if at.message.until.Equal(at.until) && !at.message.gone {
			at.message.until = time.Time{}
			f.visible = append(f.visible, at.message)
		}
	}
}

func (f *fakeSQS) hide(m *fakeMessage, hidden time.Duration) {
	if f.leaks > 0 {
		hidden = min(hidden, f.leaks)
	}
	m.until = time.Now().Add(hidden)
	heap.Push(&f.flight, deadline{m.until, m})
}

// again is a message that SQS hands out once too often.
func (f *fakeSQS) again() *fakeMessage {
	if f.repeated == 0 || f.receives%f.repeated != 0 {
		return nil
	}
	if n := len(f.deleted); n > 0 && f.random.IntN(2) == 0 {
		m := f.deleted[f.random.IntN(n)]
		if m.gone { // a server that was away has it still
			m.gone = false
			f.alive++
		}
		return m
	}
	if n := len(f.flight); n > 0 {
		if at := f.flight[f.random.IntN(n)]; at.message.until.Equal(at.until) && !at.message.gone {
			return at.message
		}
	}
	return nil
}

// pass lets time pass, as long as the caller waits.
func (f *fakeSQS) pass(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deadline is when a message is visible again, if it was not received or released meanwhile.
type deadline struct {
	until   time.Time
	message *fakeMessage
}

type flight []deadline

func (f flight) Len() int           { return len(f) }
func (f flight) Less(i, j int) bool { return f[i].until.Before(f[j].until) }
func (f flight) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *flight) Push(x any)        { *f = append(*f, x.(deadline)) }
func (f *flight) Pop() any {
	last := len(*f) - 1
	x := (*f)[last]
	*f = (*f)[:last]
	return x
}
