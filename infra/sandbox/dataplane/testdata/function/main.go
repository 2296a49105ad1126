// Command function does what its event says: {"fail": n} fails as often as it is tried n times; it answers {"id", "tries",
// "version"}.
package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	ID   string `json:"id"`
	Fail int    `json:"fail"`
}

type answer struct {
	ID      string `json:"id"`
	Tries   int    `json:"tries"`
	Version string `json:"version"`
	ARN     string `json:"arn"`
	Process int    `json:"process"`
}

// handle counts its tries in files, one for each, because no two need run in one process.
func handle(ctx context.Context, e event) (answer, error) {
	folder := filepath.Join(os.Getenv("TRIES"), e.ID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return answer{}, err
	}
	file, err := os.CreateTemp(folder, "try-")
	if err != nil {
		return answer{}, err
	}
	file.Close()
	tries, err := os.ReadDir(folder)
	if err != nil {
		return answer{}, err
	}
	if len(tries) <= e.Fail {
		return answer{}, errors.New("told to fail")
	}
	call, _ := lambdacontext.FromContext(ctx)
	return answer{e.ID, len(tries), os.Getenv("VERSION"), call.InvokedFunctionArn, os.Getpid()}, nil
}

func main() { lambda.Start(handle) }
