package rotationtest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

// Updaters are compiled updaters, which read the application's secret through the extension.
type Updaters struct {
	Printed lambdatest.Output

	cloud       *lambdatest.Cloud
	binary      string
	environment lambdatest.Environment
}

// NewUpdaters compiles the updater in a package's folder. A rotation hands its extension each value that becomes current.
func NewUpdaters(t testing.TB, c *Stack, pkg string) *Updaters {
	t.Helper()
	u := &Updaters{cloud: lambdatest.StartCloud(t), binary: lambdatest.Build(t, pkg)}
	c.Secrets.Current = u.cloud.Extension.Put
	c.Put(lambdatest.AppSecretARN, lambdatest.AppPassword)
	u.environment = lambdatest.DatabaseEnvironment(c.Server,
		contract.EnvDBSecretARN, lambdatest.AppSecretARN, contract.EnvSenderARN, lambdatest.SenderARN)
	return u
}

// Start gives Lambda another environment of the updater.
func (u *Updaters) Start() (*lambdaruntime.Process, error) {
	environ := u.environment.With("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", u.cloud.Extension.Port()).Environ()
	return u.cloud.API.Start(u.binary, environ, &u.Printed)
}

// Write hands an environment the record of a sent message, and returns how its row changed.
func Write(p *lambdaruntime.Process, id string) (row string, failure error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	answer, err := p.Invoke(ctx, []byte(lambdatest.SentRecord(id)), time.Minute)
	if err != nil {
		return "", err
	}
	if answer.Error != nil {
		return "", answer.Error
	}
	var written struct{ Row string }
	err = json.Unmarshal(answer.Payload, &written)
	return written.Row, err
}

// Retry hands events out again.
func (u *Updaters) Retry(t *testing.T, events []string, record func(id, row string, err error)) {
	t.Helper()
	p, err := u.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	for _, id := range events {
		row, err := Write(p, id)
		if err != nil {
			t.Errorf("%s at the second attempt: %v", id, err)
		}
		record(id, row, err)
	}
}
