package arming

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
)

// late is a relay that takes long to answer.
type late struct {
	*pages
	pause func()
}

func (l late) Ask(ctx context.Context, after *contract.Cursor) (contract.Page, error) {
	p, err := l.pages.Ask(ctx, after)
	l.pause()
	return p, err
}

// many makes pages of commands that follow each other.
func many(commands, page int) []contract.Page {
	var all []contract.Page
	for from := 0; from < commands; from += page {
		p := contract.Page{Read: noon()}
		for i := from; i < min(from+page, commands); i++ {
			p.Commands = append(p.Commands, arm(fmt.Sprintf("m%05d", i), 1, noon().Add(time.Hour)))
		}
		if from+page < commands {
			p.Next = &contract.Cursor{Todo: 1, DueAt: noon().Add(time.Hour), ID: p.Commands[len(p.Commands)-1].ID}
		}
		all = append(all, p)
	}
	return all
}

// The quota of Seoul is 250 CreateSchedule a second, of which armer takes 200: 50 s for 10,000, in one round, which begins within
// a minute. Relay and updater are not on this clock; they take milliseconds a page.
func TestTenThousandRowsAreArmedWithinTheQuotaAndAMinute(t *testing.T) {
	const perSecond, timeout = 200, time.Minute - 500*time.Millisecond // as deployed
	r := newRig(t, perSecond)
	r.Workers = Workers
	r.rows.pages = many(10_000, 500)
	ctx, cancel := context.WithDeadline(t.Context(), noon().Add(timeout))
	defer cancel()
	s, err := r.Round(ctx)
	took := r.virtual.now.Sub(noon())
	t.Logf("10,000 rows: %d calls in %s, %d pages", r.fake.Calls("CreateSchedule"), took, len(r.rows.asked))
	if err != nil || s.Armed != 10_000 || s.Left != 0 || s.More || r.fake.Calls("CreateSchedule") != 10_000 || r.fake.Calls("GetSchedule") != 0 {
		t.Errorf("%+v, %v, %d calls", s, err, r.fake.Calls("CreateSchedule"))
	}
	if want := 10_000 / perSecond * time.Second; took < want-time.Second || took > want+time.Second {
		t.Errorf("it took %s", took)
	}
	reported := 0
	for _, states := range r.rows.reports {
		reported += len(states)
	}
	if reported != 10_000 || len(r.rows.reports) != 20 {
		t.Errorf("%d states in %d reports", reported, len(r.rows.reports))
	}
}

func TestARoundEndsWhenTimeIsUpAndSaysThatWorkIsLeft(t *testing.T) {
	r := newRig(t, 100)
	r.rows.pages = many(5_000, 500)
	ctx, cancel := context.WithDeadline(t.Context(), noon().Add(30*time.Second)) // of the virtual clock: years ahead
	defer cancel()
	s, err := r.Round(ctx)
	// Five seconds a page: after the fourth there are ten left, after the fifth five.
	if err != nil || !s.More || s.Armed != 2_500 || len(r.rows.asked) != 5 {
		t.Errorf("%+v, %v, %d pages", s, err, len(r.rows.asked))
	}
}

func TestARoundEndsWhereSchedulerThrottles(t *testing.T) {
	r := newRig(t, 5_000) // more than the quota, as if others used it up
	r.rows.pages = many(1_500, 500)
	s, err := r.Round(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ThrottlingException") || len(r.rows.asked) != 1 || s.Armed != 250 || s.Left != 250 || !s.More {
		t.Errorf("%+v, %v, %d pages", s, err, len(r.rows.asked))
	}
	if len(r.rows.reports) != 1 || len(r.rows.reports[0]) != 250 {
		t.Errorf("%d reports", len(r.rows.reports))
	}
}

func TestACommandThatSchedulerRefusesHoldsUpNoOther(t *testing.T) {
	r := newRig(t, 200)
	bad := arm("bad", 1, noon().Add(time.Hour))
	bad.Message = []byte("no JSON")
	*r.rows = pages{pages: []contract.Page{{Read: noon(), Commands: []contract.Command{bad, arm("a", 1, noon().Add(time.Hour))}}}}
	s, err := r.Round(t.Context())
	if s.Armed != 1 || s.Left != 1 || err == nil || !strings.Contains(err.Error(), `1 commands are left, such as arm "bad"`) {
		t.Errorf("%+v, %v", s, err)
	}
	if len(r.rows.reports) != 1 || len(r.rows.reports[0]) != 1 || r.rows.reports[0][0].ID != "a" {
		t.Errorf("reported %v", r.rows.reports)
	}
}

func TestARoundWithoutAnAnswerIsAnError(t *testing.T) {
	r := newRig(t, 200)
	r.rows.err = errors.New("relay: timeout")
	if _, err := r.Round(t.Context()); err == nil || !strings.Contains(err.Error(), "relay: timeout") {
		t.Errorf("got %v", err)
	}
}

func TestReasonsOfRefusalsAreReportedInEventsThatLambdaTakes(t *testing.T) {
	r := newRig(t, 200)
	var commands []contract.Command
	for i := range 500 {
		commands = append(commands, contract.Command{ID: fmt.Sprint(i), Op: contract.Refuse, Version: version(1), Reason: strings.Repeat("x", contract.MaxReasonLength)})
	}
	if s := r.do(t, noon(), commands...); s.Refused != 500 {
		t.Errorf("%+v", s)
	}
	states := 0
	for _, report := range r.rows.reports {
		states += len(report)
	}
	if states != 500 || len(r.rows.reports) != 3 {
		t.Errorf("%d states in %d reports", states, len(r.rows.reports))
	}
}
