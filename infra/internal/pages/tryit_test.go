package pages_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra"
)

// fakeCLI stands in for the AWS CLI: it takes the schedule, unless it is to refuse it, and answers null for the message
// as often as the file nulls has lines.
const fakeCLI = `#!/bin/sh
echo "$@" >>"$FOLDER/calls"
case $1 in
scheduler)
  [ ! -e "$FOLDER/refuse" ] || { echo denied >&2; exit 254; }
  echo '{"ScheduleArn": "arn"}' ;;
lambda)
  cat >"$FOLDER/question"
  for out; do :; done
  if [ "$(grep -c ^lambda "$FOLDER/calls")" -gt "$(cat "$FOLDER/nulls")" ]; then
    printf '{"ok":true,"message":{"id":"x","status":"SENT"}}' >"$out"
  else
    printf '{"ok":true,"message":null}' >"$out"
  fi
  echo '{ "StatusCode": 200 }' ;;
esac
`

// try runs the output tryIt and returns what it prints, what it says, and how often it waited and asked.
func try(t *testing.T, nulls string, refuse bool) (printed, said string, waited, asked int) {
	t.Helper()
	folder := t.TempDir()
	files := map[string]string{"aws": fakeCLI, "sleep": "#!/bin/sh\necho \"$@\" >>\"$FOLDER/waits\"\n", "nulls": nulls, "calls": "", "waits": ""}
	if refuse {
		files["refuse"] = ""
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script := fmt.Sprintf(infra.TryIt, "us-east-1", "group", "arn:key", "arn:sender", "arn:role", "arn:queue", "sns", "everyone", "us-east-1", "stack-status")
	command := exec.Command("sh", "-c", script)
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "FOLDER="+folder)
	var out, err strings.Builder
	command.Stdout, command.Stderr = &out, &err
	if ended := command.Run(); (ended != nil) != refuse {
		t.Fatalf("%v: %s%s", ended, &out, &err)
	}
	count := func(file, prefix string) int {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count("\n"+string(text), "\n"+prefix)
	}
	return out.String(), err.String(), count("waits", "10"), count("calls", "lambda invoke --region us-east-1 --function-name stack-status ")
}

func TestTryItWaitsUntilTheMessageHasItsStatus(t *testing.T) {
	printed, said, waited, asked := try(t, "7", false)
	// The answer alone, on a line of its own: in a pipe jq reads nothing else.
	if want := "{\"ok\":true,\"message\":{\"id\":\"x\",\"status\":\"SENT\"}}\n"; printed != want {
		t.Errorf("it prints %q, want %q", printed, want)
	}
	if waited != 8 || asked != 8 {
		t.Errorf("it waited %d times and asked %d times", waited, asked)
	}
	if !strings.Contains(said, "Waiting for the status of hello-") || !strings.Contains(said, "three minutes at most") || !strings.Contains(said, `{"ScheduleArn": "arn"}`) {
		t.Errorf("it says %q", said)
	}
}

func TestTryItEndsAfterThreeMinutes(t *testing.T) {
	printed, _, waited, asked := try(t, "1000", false)
	if waited != 18 || asked != 18 || !strings.HasSuffix(printed, "{\"ok\":true,\"message\":null}\n") {
		t.Errorf("it waited %d times, asked %d times and prints %q", waited, asked, printed)
	}
}

func TestTryItDoesNotWaitForAScheduleThatWasRefused(t *testing.T) {
	if printed, said, waited, asked := try(t, "0", true); waited+asked > 0 || printed != "" || said != "denied\n" {
		t.Errorf("it waited %d times, asked %d times, prints %q and says %q", waited, asked, printed, said)
	}
}
