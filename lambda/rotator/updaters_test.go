package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

// updaters are compiled updaters, which read the application's secret through the extension.
type updaters struct {
	c       *cloud
	api     *lambdaruntime.API
	binary  string
	environ []string
	printed lambdaruntime.Output
}

func newUpdaters(t testing.TB, c *cloud) *updaters {
	t.Helper()
	api, extension := lambdatest.Start(t)
	c.vault.Current = extension.Put
	c.put(appARN, appPass)
	binary := lambdatest.Build(t, "../updater")
	return &updaters{c: c, api: api, binary: binary, environ: []string{
		contract.EnvDBHost + "=localhost", contract.EnvDBPort + "=" + strconv.Itoa(c.server.Port), contract.EnvDBName + "=messages",
		contract.EnvDBSecretARN + "=" + appARN, contract.EnvDBMaxIdleSeconds + "=45",
		contract.EnvSenderARN + "=f",
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=" + extension.Port(), "SSL_CERT_FILE=" + c.server.CAFile,
	}}
}

// start gives Lambda another environment of the updater.
func (u *updaters) start() (*lambdaruntime.Process, error) {
	return u.api.Start(u.binary, u.environ, &u.printed)
}

// write hands an environment the record of a sent message, and tells what became of its row.
func write(p *lambdaruntime.Process, id string) (row string, failure error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	answer, err := p.Invoke(ctx, fmt.Appendf(nil, `{"version":"1.0","timestamp":"2026-11-21T12:00:00.000Z","requestContext":{"requestId":"r",`+
		`"functionArn":"f","condition":"Success","approximateInvokeCount":1},"requestPayload":{"id":%q,"channel":"sns","to":"t",`+
		`"subject":"s","body":"b"},"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},`+
		`"responsePayload":{"id":%q,"status":"SENT","providerId":"p-%s","sentAt":"2026-11-21T12:00:00Z"}}`, id, id, id), time.Minute)
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

// retry hands events out again.
func (u *updaters) retry(t *testing.T, events []string, record func(id, row string, err error)) {
	t.Helper()
	p, err := u.start()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	for _, id := range events {
		row, err := write(p, id)
		if err != nil {
			t.Errorf("%s at the second attempt: %v", id, err)
		}
		record(id, row, err)
	}
}
