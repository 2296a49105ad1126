package dataplane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

const (
	// pollPause is how often the schedules are asked for. Scheduler itself is precise to the minute.
	pollPause = 500 * time.Millisecond
	// announcedAtOnce is how many new schedules are looked into at one poll, so that those that are due do not wait for it.
	announcedAtOnce = 50
)

// schedules fires what is in Scheduler, when its time comes or has passed. What was fired is on disk: first the invocation, in
// its queue, then the progress of the schedule, and then the schedule may go.
type schedules struct {
	plane  *plane
	folder string // of progress

	known   map[string]progress // by file
	problem string              // that was logged last
}

func newSchedules(p *plane, folder string) (*schedules, error) {
	s := &schedules{plane: p, folder: filepath.Join(folder, progressFolder), known: map[string]progress{}}
	return s, os.MkdirAll(s.folder, 0o700)
}

// run polls until ctx ends.
func (s *schedules) run(ctx context.Context) {
	for ctx.Err() == nil {
		problem := ""
		if err := s.poll(ctx, time.Now()); err != nil {
			problem = err.Error()
		}
		if problem != s.problem && problem != "" && ctx.Err() == nil {
			s.plane.log.Print("schedules: ", problem)
		}
		s.problem = problem
		select {
		case <-ctx.Done():
		case <-time.After(pollPause):
		}
	}
}

func (s *schedules) poll(ctx context.Context, now time.Time) error {
	all, err := s.plane.cloud.Schedules(ctx)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	var changed []cloud.Schedule
	var problem error // of one, which keeps no other waiting
	failed := func(short cloud.Schedule, err error) {
		if err != nil && !cloud.NotFound(err) && problem == nil { // deleted since it was listed
			problem = fmt.Errorf("%s: %w", short.ARN, err)
		}
	}
	for _, short := range all {
		there[progressFile(s.folder, short)] = true
		last, err := s.progress(short)
		if err == nil {
			err = s.fireWhenDue(ctx, short, last, now)
		}
		failed(short, err)
		if s.known[progressFile(s.folder, short)].Modified != short.Modified {
			changed = append(changed, short)
		}
	}
	for _, short := range changed[:min(len(changed), announcedAtOnce)] {
		failed(short, s.announce(ctx, short))
	}
	return errors.Join(problem, s.forget(there))
}

// fireWhenDue puts a schedule's invocation into its queue if its time has come, and deletes a completed one that is to go.
func (s *schedules) fireWhenDue(ctx context.Context, short cloud.Schedule, last progress, now time.Time) error {
	due, err := nextTime(short, last.firedBy(short))
	if err != nil {
		return err
	}
	if due.IsZero() && short.AfterCompletion == "DELETE" {
		return s.plane.cloud.DeleteSchedule(ctx, short.Group, short.Name)
	}
	if due.IsZero() || due.After(now) || short.State == "DISABLED" {
		return nil
	}
	whole, err := s.plane.cloud.Schedule(ctx, short.Group, short.Name)
	if err != nil {
		return err
	}
	if whole.Modified != short.Modified {
		return nil // changed since it was listed: the next poll sees it as it is
	}
	current := s.announced(whole, last)
	id := idFor(whole.ARN, fmt.Sprint(whole.Created), whole.Expression, due.Format(time.RFC3339))
	err = s.plane.invocations.put(entry[invocation]{ID: id, Due: now, Item: invocation{Schedule: whole, Time: due, Received: now}})
	if err != nil {
		return err
	}
	current.Fired = lastTime(whole, due, now)
	return s.save(whole, current)
}

// announce traces a schedule that is new or changed.
func (s *schedules) announce(ctx context.Context, short cloud.Schedule) error {
	whole, err := s.plane.cloud.Schedule(ctx, short.Group, short.Name)
	if err != nil {
		return err
	}
	last, err := s.progress(short)
	if err != nil {
		return err
	}
	return s.save(whole, s.announced(whole, last))
}

// announced is the progress of a schedule as it is now, which is traced if it is new or changed.
func (s *schedules) announced(whole cloud.Schedule, last progress) progress {
	if last.Modified == whole.Modified {
		return last
	}
	now := progress{
		Message: messageIn([]byte(whole.Target.Input)), Modified: whole.Modified,
		Fired: last.firedBy(whole), Expression: whole.Expression, Timezone: whole.Timezone,
	}
	text := whole.Expression
	if due, err := nextTime(whole, now.Fired); err == nil && oneOff(whole) && !due.IsZero() {
		text = "for " + due.Local().Format(time.DateTime)
	}
	if whole.State == "DISABLED" {
		text += ", disabled"
	}
	s.plane.trace.write(Line{Kind: Scheduled, Schedule: whole.Name, Message: now.Message, Text: text})
	return now
}

// forget removes the progress of schedules that are gone, and traces those that were deleted before their time.
func (s *schedules) forget(there map[string]bool) error {
	files, err := filepath.Glob(filepath.Join(s.folder, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if there[file] {
			continue
		}
		last, err := readProgress(file)
		if err != nil {
			return err
		}
		if last.Fired.IsZero() && oneOff(cloud.Schedule{Expression: last.Expression}) {
			s.plane.trace.write(Line{Kind: Deleted, Schedule: last.Name, Message: last.Message})
		}
		if err := os.Remove(file); err != nil {
			return err
		}
		delete(s.known, file)
	}
	return nil
}

// progress is how far a schedule is, as far as this process or a former one got.
func (s *schedules) progress(schedule cloud.Schedule) (progress, error) {
	file := progressFile(s.folder, schedule)
	last, known := s.known[file]
	if known {
		return last, nil
	}
	last, err := readProgress(file)
	if err == nil {
		s.known[file] = last
	}
	return last, err
}

func (s *schedules) save(schedule cloud.Schedule, now progress) error {
	now.Name = schedule.Name
	text, err := json.Marshal(now)
	if err != nil {
		return err
	}
	file := progressFile(s.folder, schedule)
	if err := writeDurably(file, text); err != nil {
		return err
	}
	s.known[file] = now
	return nil
}
