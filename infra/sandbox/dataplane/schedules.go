package dataplane

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// pollPause is how often the schedules are asked for. Scheduler itself is precise to the minute.
const pollPause = 500 * time.Millisecond

// schedules fires what is in Scheduler, when its time comes or has passed. What was fired is on disk: first the firing
// itself, in the queue of firings, then the mark that it was fired, and then the schedule may go.
type schedules struct {
	plane  *plane
	folder string // of the marks

	said map[string]bool // whose problem was logged already
}

// mark is when a schedule was fired last. A schedule that is made again under its name is another one.
type mark struct {
	ARN     string
	Created float64
	Fired   time.Time // the time that was due
}

// run polls until ctx ends.
func (s *schedules) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.poll(ctx, time.Now()); err != nil && ctx.Err() == nil {
			s.plane.log.Print("schedules: ", err)
		}
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
	marks := map[string]bool{}
	for _, short := range all {
		marks[s.markFile(short)] = true
		if short.State == "DISABLED" {
			continue
		}
		if err := s.fireWhenDue(ctx, short, now); err != nil && !cloud.NotFound(err) { // deleted since it was listed
			return fmt.Errorf("%s: %w", short.ARN, err)
		}
	}
	return s.forget(marks)
}

func (s *schedules) fireWhenDue(ctx context.Context, short cloud.Schedule, now time.Time) error {
	last, err := s.fired(short)
	if err != nil {
		return err
	}
	due, err := nextTime(short, last)
	if err != nil {
		s.once(short, err)
		return nil
	}
	if due.IsZero() && short.AfterCompletion == "DELETE" { // fired before
		return s.plane.cloud.DeleteSchedule(ctx, short.Group, short.Name)
	}
	if due.IsZero() || due.After(now) {
		return nil
	}
	whole, err := s.plane.cloud.Schedule(ctx, short.Group, short.Name)
	if err != nil {
		return err
	}
	if whole.Modified != short.Modified {
		return nil // changed since it was listed: the next poll sees it as it is
	}
	id := idFor(whole.ARN, fmt.Sprint(whole.Created), due.Format(time.RFC3339))
	err = s.plane.firings.put(entry[firing]{ID: id, Due: now, Item: firing{Schedule: whole, Time: due, Received: now}})
	if err != nil {
		return err
	}
	text, err := json.Marshal(mark{whole.ARN, whole.Created, lastTime(whole, due, now)})
	if err != nil {
		return err
	}
	return writeDurably(s.markFile(whole), text)
}

// fired is when a schedule was fired last, and zero if it was not.
func (s *schedules) fired(schedule cloud.Schedule) (time.Time, error) {
	text, err := readFile(s.markFile(schedule))
	if err != nil || text == nil {
		return time.Time{}, err
	}
	var m mark
	err = json.Unmarshal(text, &m)
	return m.Fired, err
}

// forget removes the marks of schedules that are gone.
func (s *schedules) forget(known map[string]bool) error {
	files, err := filepath.Glob(filepath.Join(s.folder, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if !known[file] {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *schedules) markFile(schedule cloud.Schedule) string {
	return filepath.Join(s.folder, idFor(schedule.ARN, fmt.Sprint(schedule.Created))+".json")
}

// once logs a problem with a schedule the first time that it is seen.
func (s *schedules) once(schedule cloud.Schedule, problem error) {
	if !s.said[schedule.ARN] {
		s.said[schedule.ARN] = true
		s.plane.log.Print(schedule.ARN, ": ", problem)
	}
}
