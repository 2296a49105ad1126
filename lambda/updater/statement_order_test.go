package main

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// TestTheOrderOfRecordsDoesNotMatter plays random sets of outcomes for several messages, with duplicates, twice in
// different orders, and expects the same rows, those that the rules give, and no change from anything seen before.
func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		admin := lambdatest.OpenAdmin(t, s)
		for way, write := range ways(t, s) {
			t.Run(way, func(t *testing.T) {
				for seed := range uint64(30) {
					random := rand.New(rand.NewPCG(seed, 1))
					outcomes := randomOutcomes(random)
					for range 2 {
						scheduled := random.IntN(2) == 0
						begin(t, admin, scheduled, "a", "A", "b")
						play(t, random, outcomes, write)
						before := lambdatest.Rows(t, admin)
						check(t, seed, before, scheduled, outcomes)
						if changed := play(t, random, outcomes, write); changed > 0 {
							t.Fatalf("seed %d: %d records that were seen before changed rows: %+v", seed, changed, outcomes)
						}
						if after := lambdatest.Rows(t, admin); fmt.Sprint(after) != fmt.Sprint(before) {
							t.Fatalf("seed %d: records that were seen before moved\n%+v to\n%+v", seed, before, after)
						}
					}
				}
			})
		}
	})
}

// TestRecordsThatComeAtOnceEndAsInAnyOrder writes the same sets through several environments at the same time.
func TestRecordsThatComeAtOnceEndAsInAnyOrder(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) { recordsAtOnce(t, lambdatest.Prepare(t, s)) })
}

func recordsAtOnce(t *testing.T, s *mysqltest.Server) {
	admin := lambdatest.OpenAdmin(t, s)
	var handlers []*handler
	for range 4 {
		handlers = append(handlers, inProcess(t, s, lambdatest.NewSecrets(), t.Output()))
	}
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 2))
		outcomes := randomOutcomes(random)
		scheduled := random.IntN(2) == 0
		begin(t, admin, scheduled, "a", "A", "b")
		var group sync.WaitGroup
		for i, h := range handlers {
			group.Go(func() {
				for j := i; j < len(outcomes); j += len(handlers) {
					if _, err := h.write(t.Context(), outcomes[j]); err != nil {
						t.Errorf("%+v: %v", outcomes[j], err)
					}
				}
			})
		}
		group.Wait()
		check(t, seed, lambdatest.Rows(t, admin), scheduled, outcomes)
	}
}

// play writes the outcomes in a random order and returns how many of them changed rows.
func play(t *testing.T, random *rand.Rand, outcomes []contract.Outcome, write func(*testing.T, contract.Outcome) int64) int {
	t.Helper()
	changed := 0
	for _, i := range random.Perm(len(outcomes)) {
		if write(t, outcomes[i]) > 0 {
			changed++
		}
	}
	return changed
}

// check compares the rows with what the rules give for the outcomes.
func check(t *testing.T, seed uint64, got map[string]lambdatest.Row, scheduled bool, outcomes []contract.Outcome) {
	t.Helper()
	for id, want := range expected(outcomes) {
		if scheduled {
			want.Recipient, want.Subject = "t", "s"
		}
		want.UpdatedAt = got[id].UpdatedAt
		if got[id] != want {
			t.Fatalf("seed %d, message %s:\ngot  %+v\nwant %+v\nafter %+v", seed, id, got[id], want, outcomes)
		}
	}
}

// randomOutcomes are up to 12 outcomes of three messages, two of whose ids differ in case only. Times are few, so
// that they often coincide.
func randomOutcomes(random *rand.Rand) []contract.Outcome {
	var outcomes []contract.Outcome
	for range 1 + random.IntN(12) {
		id, at := []string{"a", "A", "b"}[random.IntN(3)], time.Duration(random.IntN(4))*time.Millisecond
		word := []string{"", "a", "B", "b", "ß", "ü\x00'\\"}[random.IntN(6)]
		if random.IntN(2) == 0 {
			outcomes = append(outcomes, sent(id, word, at))
		} else {
			outcomes = append(outcomes, failed(id, word, at))
		}
		if random.IntN(3) == 0 {
			outcomes = append(outcomes, outcomes[random.IntN(len(outcomes))])
		}
	}
	return outcomes
}

// expected states the rules over a set of outcomes, without an order.
func expected(outcomes []contract.Outcome) map[string]lambdatest.Row {
	best := map[string]contract.Outcome{}
	for _, o := range outcomes {
		if b, seen := best[o.ID]; !seen || better(o, b) {
			best[o.ID] = o
		}
	}
	want := map[string]lambdatest.Row{}
	for id, o := range best {
		r := lambdatest.Row{Channel: "sns", Status: string(o.Status)}
		if o.Status == contract.Sent {
			r.ProviderID, r.SentAt = o.ProviderID, o.SentAt.Format(time.RFC3339Nano)
		} else {
			r.LastError = o.At.Format("2006-01-02T15:04:05.000Z") + " " + o.Error
		}
		want[id] = r
	}
	return want
}

// better reports whether a row keeps the first of two outcomes.
func better(o, than contract.Outcome) bool {
	switch {
	case o.Status != than.Status:
		return o.Status == contract.Sent
	case o.Status == contract.Sent:
		return o.SentAt.Before(than.SentAt) || o.SentAt.Equal(than.SentAt) && o.ProviderID < than.ProviderID
	}
	return o.At.After(than.At) || o.At.Equal(than.At) && o.Error > than.Error
}
