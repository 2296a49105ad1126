package dataplane

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// Work is what waits in the data plane's queues.
type Work struct {
	Message  string // its id, "" for an event of another kind
	Function string
	Attempts int    // so far
	Problem  string // why it waits; "" before the first attempt
	Due      time.Time
}

// ReadWork reads what waits in the folder of a data plane, which may be running or not, in the order in which it is due.
func ReadWork(folder string) ([]Work, error) {
	var all []Work
	err := readEntries(filepath.Join(folder, invocationsFolder), func(e entry[invocation]) {
		target := e.Item.Schedule.Target
		all = append(all, Work{
			messageIn([]byte(target.Input)), cloud.FunctionName(target.ARN), e.Item.Attempts, e.Problem, e.Due})
	})
	if err == nil {
		err = readEntries(filepath.Join(folder, eventsFolder), func(e entry[event]) {
			all = append(all, Work{messageIn(e.Item.Payload), e.Item.Function, e.Item.Attempts, e.Problem, e.Due})
		})
	}
	slices.SortFunc(all, func(a, b Work) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Message, b.Message)) })
	return all, err
}

func readEntries[T any](folder string, use func(entry[T])) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		var e entry[T]
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) { // done since it was listed
			continue
		}
		if err == nil {
			err = json.Unmarshal(text, &e)
		}
		if err != nil {
			return err
		}
		use(e)
	}
	return nil
}

// Next is when a schedule is due, with the id of the message in its input; the time is zero when it is completed.
func Next(folder string, s cloud.Schedule) (due time.Time, message string, err error) {
	last, err := readProgress(progressFile(filepath.Join(folder, progressFolder), s))
	if err != nil {
		return due, "", err
	}
	due, err = nextTime(s, last.firedBy(s))
	return due, last.Message, err
}
