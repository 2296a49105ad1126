package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEveryFunctionOfTheTableHasAFolderAndAnAlarmOnItsErrors(t *testing.T) {
	for _, f := range Functions {
		if f.Alarms.Errors.Summary == "" || f.Alarms.Errors.Runbook == "" {
			t.Errorf("%s has no texts for the alarm on its errors", f.Name)
		}
		if f.Async != nil && (f.Alarms.Late.Summary == "" || f.Alarms.Throttles.Summary == "" || f.Alarms.Destination.Summary == "") {
			t.Errorf("%s is invoked asynchronously, and has no texts for the alarms on what is late, throttled or not handed on", f.Name)
		}
		if _, err := os.Stat(filepath.Join("../../lambda", f.Name, "main.go")); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
