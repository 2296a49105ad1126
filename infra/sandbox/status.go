package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

const (
	// mostListed is how many lines each part of the status has at most, the newest or the next ones.
	mostListed = 20
	// precision is how late Scheduler may be.
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
	precision = time.Minute
)

// statusCommand reports what is up, what waits, what failed and why, and the rows.
func statusCommand() *command.Command {
	var folder, stack string
	return &command.Command{
		Name: "status", Summary: "Reports what is up, what waits, what failed and why, and the rows",
		Flags: func(f *command.Flags) {
			folderFlag(f, &folder)
			stackFlag(f, &stack)
		},
		Run: func(ctx context.Context, out command.Streams, _ []string) error {
			s, err := running(ctx, folder, stack)
			if err != nil {
				return err
			}
			logs := filepath.Dir(filepath.Dir(s.Trace))
			fmt.Fprintf(out.Out, "process %d, data plane %d, AWS at %s, logs in %s\n", s.PID, s.PlanePID, s.Endpoint, logs)
			for _, report := range []func(context.Context, io.Writer, *state.State) error{
				reportHealth, reportSchedules, reportWork, reportFailures, reportDeadLetters, reportRows,
			} {
				if err := report(ctx, out.Out, s); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// ask puts a question to the deployed function status and prints its answer.
func ask(ctx context.Context, out io.Writer, s *state.State, question any) error {
	var answer json.RawMessage
	if err := s.Cloud().Invoke(ctx, s.Outputs[contract.OutputStatusName], question, &answer); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "status answers", terminal.Printable(string(answer)))
	return err
}

func reportHealth(ctx context.Context, out io.Writer, s *state.State) error {
	return ask(ctx, out, s, struct{}{})
}

// list prints lines under a heading, up to the most that are listed.
func list(out io.Writer, heading string, lines []string) {
	fmt.Fprintln(out, heading)
	for _, line := range lines[:min(len(lines), mostListed)] {
		fmt.Fprintln(out, "  "+terminal.Printable(line)) // in which there may be words from outside
	}
	if more := len(lines) - mostListed; more > 0 {
		fmt.Fprintf(out, "  and %d more\n", more)
	}
}

// scheduled is a schedule as it is listed.
type scheduled struct {
	due  time.Time
	line string
}

// reportSchedules lists the schedules, the next one first.
func reportSchedules(ctx context.Context, out io.Writer, s *state.State) error {
	all, err := s.Cloud().Schedules(ctx)
	if err != nil {
		return err
	}
	var waiting []scheduled
	overdue := 0
	for _, one := range all {
		due, message, err := dataplane.Next(filepath.Dir(s.Trace), one)
		now, late := when(one, due, err, time.Now())
		if late {
			overdue++
		}
		name := one.Name
		if message != "" && message != one.Name {
			name += ", message " + message
		}
		waiting = append(waiting, scheduled{due, fmt.Sprintf("%-10s %s, %s", name, one.Expression, now)})
	}
	slices.SortStableFunc(waiting, func(a, b scheduled) int { return a.due.Compare(b.due) })
	var lines []string
	for _, one := range waiting {
		lines = append(lines, one.line)
	}
	heading := command.Count(len(lines), "schedule")
	if overdue > 0 {
		heading += fmt.Sprintf(", %d overdue", overdue)
	}
	list(out, heading+":", lines)
	return nil
}

// when puts into words when a schedule is due, and says whether that is over.
func when(s cloud.Schedule, due time.Time, problem error, now time.Time) (words string, overdue bool) {
	switch {
	case problem != nil:
		return problem.Error(), true
	case due.IsZero():
		return "completed", false
	case s.State == "DISABLED":
		return "disabled", false
	case now.Sub(due) > precision:
		return "overdue since " + due.Local().Format(time.DateTime), true
	}
	return "due at " + due.Local().Format(time.DateTime), false
}

// reportWork lists what waits in Scheduler's and Lambda's queues, and why.
func reportWork(_ context.Context, out io.Writer, s *state.State) error {
	work, err := dataplane.ReadWork(filepath.Dir(s.Trace))
	if err != nil {
		return err
	}
	var lines []string
	for _, w := range work {
		line := fmt.Sprintf("%-10s for the %s, at %s", w.Message, lastPart(w.Function), w.Due.Local().Format(time.TimeOnly))
		if w.Problem != "" {
			line += fmt.Sprintf(", after %s: %s", command.Count(w.Attempts, "attempt"), w.Problem)
		}
		lines = append(lines, line)
	}
	list(out, command.Count(len(lines), "event")+" in the queues of Scheduler and Lambda:", lines)
	return nil
}

// reportFailures lists what ended in a dead-letter queue or nowhere, the newest first.
func reportFailures(_ context.Context, out io.Writer, s *state.State) error {
	trace, err := dataplane.ReadTrace(s.Trace)
	if err != nil {
		return err
	}
	var lines []string
	for _, l := range slices.Backward(trace) {
		if l.Kind != dataplane.Lost && l.Kind != dataplane.Dead {
			continue
		}
		words, _ := describe(l)
		lines = append(lines, fmt.Sprintf("%s  %-10s %s", l.At.Local().Format(time.TimeOnly), nameOf(l), words))
	}
	list(out, command.Count(len(lines), "event")+" that went nowhere or to a dead-letter queue:", lines)
	return nil
}

func reportDeadLetters(ctx context.Context, out io.Writer, s *state.State) error {
	undelivered, unwritten, err := s.DeadLetters(ctx)
	if err == nil {
		fmt.Fprintf(out, "dead-letter messages: %d undelivered, %d unwritten\n", undelivered, unwritten)
	}
	return err
}

func reportRows(ctx context.Context, out io.Writer, s *state.State) error {
	rows, err := s.Rows(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, command.Count(len(rows), "row")+":")
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		rows[id].Print(out)
	}
	return nil
}
