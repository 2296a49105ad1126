package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/infra/sandbox/state"
)

// runStatus says what is up: the database's health as the deployed function status reports it, the dead-letter messages
// and the rows.
func runStatus(ctx context.Context, args []string) error {
	var stack string
	folder, err := parse("status", args, func(flags *flag.FlagSet) { stackFlag(flags, &stack) })
	if err != nil {
		return err
	}
	s, err := state.Running(ctx, folder, stack)
	if err != nil {
		return err
	}
	fmt.Printf("process %d, data plane %d, AWS at %s, logs in %s\n", s.PID, s.PlanePID, s.Endpoint, folder)
	if err := ask(ctx, s, struct{}{}); err != nil {
		return err
	}
	undelivered, unwritten, err := s.DeadLetters(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("dead letters: %d undelivered, %d unwritten\n", undelivered, unwritten)
	rows, err := s.Rows(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		rows[id].Print(os.Stdout)
	}
	return nil
}

// ask puts a question to the deployed function status and prints its answer.
func ask(ctx context.Context, s *state.State, question any) error {
	var answer json.RawMessage
	if err := s.Cloud().Invoke(ctx, s.Outputs["statusName"], question, &answer); err != nil {
		return err
	}
	fmt.Println("status answers", terminal.Printable(string(answer)))
	return nil
}
