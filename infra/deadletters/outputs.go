package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
)

// outputs are those of the stack's outputs that say where its dead-letter messages are and where they go.
type outputs struct {
	UndeliveredQueueURL string `json:"undeliveredQueueUrl"`
	UndeliveredQueueARN string `json:"undeliveredQueueArn"`
	UnwrittenQueueURL   string `json:"unwrittenQueueUrl"`
	ScheduleGroupName   string `json:"scheduleGroupName"`
	SchedulerRoleARN    string `json:"schedulerRoleArn"`
	SenderARN           string `json:"senderArn"`
	UpdaterName         string `json:"updaterName"`
	StatusName          string `json:"statusName"`
}

// readOutputs asks Pulumi for a stack's outputs, or reads them from a file.
func readOutputs(ctx context.Context, stack, file string) (*outputs, error) {
	text, err := outputsText(ctx, stack, file)
	if err != nil {
		return nil, err
	}
	var o outputs
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, fmt.Errorf("the stack's outputs: %w", err)
	}
	var missing []string
	value := reflect.ValueOf(o)
	for i := range value.NumField() {
		if value.Field(i).String() == "" {
			missing = append(missing, value.Type().Field(i).Tag.Get("json"))
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("the stack's outputs lack %s", strings.Join(missing, ", "))
	}
	return &o, nil
}

func outputsText(ctx context.Context, stack, file string) ([]byte, error) {
	switch file {
	case "-":
		return io.ReadAll(os.Stdin)
	case "":
	default:
		return os.ReadFile(file)
	}
	args := []string{"stack", "output", "--json"}
	if stack != "" {
		args = append(args, "--stack", stack)
	}
	text, err := exec.CommandContext(ctx, "pulumi", args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("pulumi %s: %w: %s", strings.Join(args, " "), err, bytes.ReplaceAll(bytes.TrimSpace(exit.Stderr), []byte("\n"), []byte("; ")))
	}
	return text, err
}

// region is where the stack is, whatever region the caller's own configuration names.
func (o *outputs) region() string {
	if parts := strings.Split(o.UndeliveredQueueARN, ":"); len(parts) == 6 { // arn:aws:sqs:region:account:name
		return parts[3]
	}
	return ""
}
