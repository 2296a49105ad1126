package tools

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/process"
)

// TestAToolThatIsInterruptedLeavesNoChild has one that would go on, and so would its child.
func TestAToolThatIsInterruptedLeavesNoChild(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	numbers := filepath.Join(t.TempDir(), "numbers")
	go func() {
		for {
			if text, _ := os.ReadFile(numbers); bytes.Count(text, []byte("\n")) == 2 {
				cancel()
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	err := run(ctx, "", nil, "sh", "-c", `trap "" INT; sleep 1000 & echo $! >"$0"; echo $$ >>"$0"; exec sleep 1000 >/dev/null 2>&1`, numbers)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	text, err := os.ReadFile(numbers)
	if err != nil {
		t.Fatal(err)
	}
	for number := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 { // who was killed needs a moment
			if _, err = process.StartedAt(pid); err != nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if err == nil {
			t.Errorf("process %d goes on", pid)
		}
	}
}
