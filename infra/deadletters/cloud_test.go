package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	appPassword = "Pass-word_of:app~1"
	secretARN   = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf"
	timeout     = 60 * time.Second
)

// cloud is all that stands around the command: SQS and Scheduler by moto, the compiled functions under a Runtime API,
// updater and status on a MySQL server, and SNS, which counts what is published. The command reaches AWS by its front, which
// sees every call and can have the command killed before or after any of them.
type cloud struct {
	front, moto             *url.URL
	keys                    sigv4.Keys // of both
	sender, updater, status *lambdaruntime.Process
	database                *mysqltest.Server
	rows                    *sql.DB

	mu        sync.Mutex
	published map[string]int // by the message's id
	calls     []string       // "Service.Action" of each
	receipts  map[string]string
	kill      func(call int, action string, done bool) bool // whether to hang up at a call, before it is done or after
}

func startCloud(t *testing.T) *cloud {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH, for SQS and Scheduler: pip install 'moto[server]==5.2.1'")
	}
	c := &cloud{published: map[string]int{}, receipts: map[string]string{}}
	c.moto, c.keys = startMoto(t)
	front := httptest.NewServer(c.handler())
	topic := httptest.NewServer(http.HandlerFunc(c.publish))
	t.Cleanup(front.Close)
	t.Cleanup(topic.Close)
	c.front, _ = url.Parse(front.URL)

	c.database = mysqltest.Start(t)
	c.rows = c.database.Migrated(t, "messages", migrations.Files())
	c.database.CreateUser(t, "app", appPassword, "SELECT, INSERT, UPDATE ON messages.*")

	api, extension := lambdatest.Start(t)
	secret, err := json.Marshal(contract.DatabaseSecret{Username: "app", Password: appPassword, Engine: "mysql"})
	if err != nil {
		t.Fatal(err)
	}
	extension.Put(secretARN, string(secret))
	c.sender = c.start(t, api, "../../lambda/sender", []string{
		"AWS_ACCESS_KEY_ID=AKIDTEST", "AWS_SECRET_ACCESS_KEY=secret", "AWS_ENDPOINT_URL_SNS=" + topic.URL,
		contract.EnvSNSTopicARN + "=arn:aws:sns:us-east-1:000000000000:messages",
	})
	environ := []string{
		contract.EnvDBHost + "=" + c.database.Host, contract.EnvDBPort + "=" + strconv.Itoa(c.database.Port),
		contract.EnvDBName + "=messages", contract.EnvDBSecretARN + "=" + secretARN, contract.EnvDBReaderSecretARN + "=" + secretARN,
		contract.EnvDBMaxIdleSeconds + "=45", contract.EnvOverdueSeconds + "=4500", contract.EnvSenderARN + "=" + senderARN,
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=" + extension.Port(), "SSL_CERT_FILE=" + c.database.CAFile,
	}
	c.updater = c.start(t, api, "../../lambda/updater", environ)
	c.status = c.start(t, api, "../../lambda/status", environ)
	return c
}

// startMoto starts the local AWS, of which these tests use moto's part.
func startMoto(t *testing.T) (*url.URL, sigv4.Keys) {
	t.Helper()
	e, err := endpoint.Start(t.Context(), endpoint.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Wait() }) // its context has ended by then
	address, err := url.Parse(e.URL())
	if err != nil {
		t.Fatal(err)
	}
	schedulerRole(t, e)
	return address, e.Keys()
}

// schedulerRole makes the role of the schedules, without which AWS takes none.
func schedulerRole(t *testing.T, e *endpoint.Endpoint) {
	t.Helper()
	form := url.Values{"Action": {"CreateRole"}, "Version": {"2010-05-08"}, "RoleName": {"scheduler"}, "AssumeRolePolicyDocument": {`{"Version":"2012-10-17",
		"Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}`}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.URL(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := e.Keys().Sign(request, []byte(form.Encode()), sigv4.Scope{Region: "us-east-1", Service: "iam"}); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
}

func (c *cloud) start(t *testing.T, api *lambdaruntime.API, pkg string, environment []string) *lambdaruntime.Process {
	t.Helper()
	binary := lambdatest.Build(t, pkg)
	p, err := api.Start(binary, environment, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// publish is SNS's Publish.
func (c *cloud) publish(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 1; r.Form.Has(fmt.Sprintf("MessageAttributes.entry.%d.Name", i)); i++ {
		if entry := fmt.Sprintf("MessageAttributes.entry.%d.", i); r.Form.Get(entry+"Name") == "id" {
			c.published[r.Form.Get(entry+"Value.StringValue")]++
		}
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>provider-1`+
		`</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`)
}
