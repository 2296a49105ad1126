package main

import (
	"context"

	"scheduled-messages/infra/internal/stackoutputs"
	"scheduled-messages/lambda/contract"
)

// outputs are those of the stack's outputs that say where its dead-letter messages are and where they go.
type outputs struct {
	UndeliveredQueueURL string
	UndeliveredQueueARN string
	UnwrittenQueueURL   string
	ScheduleGroupName   string
	SchedulerRoleARN    string
	SenderARN           string
	UpdaterName         string
	StatusName          string
	ScheduleKeyARN      string // empty: of a stack that an older program made
}

// fields are all of them, in the order of an error about missing ones.
func (o *outputs) fields() []stackoutputs.Field {
	return []stackoutputs.Field{
		{Name: contract.OutputUndeliveredQueueURL, Value: &o.UndeliveredQueueURL},
		{Name: contract.OutputUndeliveredQueueARN, Value: &o.UndeliveredQueueARN},
		{Name: contract.OutputUnwrittenQueueURL, Value: &o.UnwrittenQueueURL},
		{Name: contract.OutputScheduleGroupName, Value: &o.ScheduleGroupName},
		{Name: contract.OutputSchedulerRoleARN, Value: &o.SchedulerRoleARN},
		{Name: contract.OutputSenderARN, Value: &o.SenderARN},
		{Name: contract.OutputUpdaterName, Value: &o.UpdaterName},
		{Name: contract.OutputStatusName, Value: &o.StatusName},
	}
}

// readOutputs asks Pulumi for a stack's outputs, or reads them from a file.
func readOutputs(ctx context.Context, stack, file string) (*outputs, error) {
	all, err := stackoutputs.Read(ctx, stack, file)
	if err != nil {
		return nil, err
	}
	o := &outputs{ScheduleKeyARN: all[contract.OutputScheduleKeyARN]}
	return o, stackoutputs.Fill(all, o.fields())
}

// region is where the stack is.
func (o *outputs) region() string { return stackoutputs.Region(o.UndeliveredQueueARN) }
