package tools

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// pace is added to the AWS provider's package of waits.
const pace = `package backoff

import (
	"os"
	"strconv"
	"time"
)

// pace divides every wait: 1, if AWS_PROVIDER_PACE asks for nothing more.
var pace = func() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("AWS_PROVIDER_PACE")); err == nil && n > 1 {
		return time.Duration(n)
	}
	return 1
}()
`

// setPace lets AWS_PROVIDER_PACE shorten the AWS provider's waits, which are made for AWS: it looks only after 30 s
// whether a cluster is there, and a local AWS has it at once. Without the variable the provider is as it was.
func setPace(folder string) error {
	const wait, shorter = "return time.After(d)", "return time.After(d / pace)"
	folder = filepath.Join(folder, "internal/backoff")
	file := filepath.Join(folder, "backoff.go")
	code, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if n := strings.Count(string(code), wait); n != 1 {
		return fmt.Errorf("%s waits in %d places, not in 1", file, n)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(code), wait, shorter, 1)), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "pace.go"), []byte(pace), 0o644)
}
