package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"scheduled-messages/infra/internal/terminal"
)

// runStatus tells what is up: the database's health as the deployed updater sees it, the dead letters and the rows.
func runStatus(ctx context.Context, args []string) error {
	folder, err := parse("status", args, nil)
	if err != nil {
		return err
	}
	s, err := running(folder)
	if err != nil {
		return err
	}
	fmt.Printf("process %d, data plane %d, AWS at %s, logs in %s\n", s.PID, s.PlanePID, s.Endpoint, folder)
	var health json.RawMessage
	if err := s.cloud().Invoke(ctx, s.Outputs["updaterName"], struct{}{}, &health); err != nil {
		return err
	}
	fmt.Println("the updater says", terminal.Printable(string(health)))
	undelivered, unwritten, err := s.deadLetters(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("dead letters: %d undelivered, %d unwritten\n", undelivered, unwritten)
	rows, err := s.rows(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		rows[id].print(os.Stdout)
	}
	return nil
}
