package dataplane

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// progress is what is kept of a schedule. One that is made again under its name is another one.
type progress struct {
	Name     string
	Message  string // the id of the message in its input
	Modified float64
	// Fired is the time that was due last, by Expression and Timezone; zero before the first.
	Fired                time.Time
	Expression, Timezone string
}

// firedBy is when a schedule, as it is now, was due last. A one-time schedule that was set to another time is due once more.
func (p progress) firedBy(s cloud.Schedule) time.Time {
	if oneOff(s) && (s.Expression != p.Expression || s.Timezone != p.Timezone) {
		return time.Time{}
	}
	return p.Fired
}

func progressFile(folder string, s cloud.Schedule) string {
	return filepath.Join(folder, idFor(s.ARN, fmt.Sprint(s.Created))+".json")
}

// readProgress reads a file that need not be there.
func readProgress(file string) (p progress, err error) {
	text, err := readFile(file)
	if err != nil || text == nil {
		return p, err
	}
	err = json.Unmarshal(text, &p)
	return p, err
}
