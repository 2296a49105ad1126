// Command updater is deployed as a Lambda function.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	lambda.Start(handle)
}

func handle(ctx context.Context, _ map[string]any) (map[string]any, error) {
	call, _ := lambdacontext.FromContext(ctx)
	slog.InfoContext(ctx, "invoked", "requestId", call.AwsRequestID)
	return map[string]any{}, nil
}
