package dataplane

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/socket"
)

const (
	region  = "us-east-1"
	self    = "arn:aws:iam::123456789012:role/"
	lambdas = "arn:aws:lambda:us-east-1:123456789012:function:"
	queues  = "arn:aws:sqs:us-east-1:123456789012:"
)

// fixture is an AWS account at a local endpoint, with a data plane.
type fixture struct {
	t        *testing.T
	cloud    *cloud.Client
	options  Options
	code     string                   // a zip in base64
	tries    string                   // the functions' folder
	received map[string][]deadMessage // by queue
	stop     func()
}

// newFixture brings up a local AWS and a data plane for it.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH")
	}
	folder, err := os.MkdirTemp("", "plane-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "plane")
	ctx, cancel := context.WithCancel(context.Background())
	aws, err := endpoint.Start(ctx, endpoint.Options{Listen: "127.0.0.1:0", Functions: "unix://" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = aws.Wait() })
	f := &fixture{t: t, cloud: cloud.New(aws.URL(), region, aws.Keys()), tries: t.TempDir(), code: zipped(t), received: map[string][]deadMessage{}, options: Options{
		Endpoint: aws.URL(), Region: region, Keys: aws.Keys(), Socket: path, Folder: t.TempDir(), Speed: 1000, Concurrency: 4,
	}}
	f.start()
	t.Cleanup(func() { f.stop() })
	return f
}

// start starts a data plane, which goes on with what the one before left.
func (f *fixture) start() {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, f.options) }()
	f.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	})
	eventually(f.t, "the data plane answers", func() bool {
		response, err := (&http.Client{Transport: socket.Transport(f.options.Socket)}).Get("http://plane/")
		if err == nil {
			response.Body.Close()
		}
		return err == nil
	})
}

func zipped(t *testing.T) string {
	t.Helper()
	binary, err := lambdaruntime.Build("testdata/function", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	entry, err := w.Create("bootstrap")
	if err == nil {
		err = copyFile(entry, binary)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// lines is what the trace says of a message.
func (f *fixture) lines(message string) (lines []Line) {
	f.t.Helper()
	text, err := readFile(f.options.Folder + "/" + TraceFile)
	if err != nil {
		f.t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var l Line
		if err := json.Unmarshal(line, &l); err != nil {
			f.t.Fatalf("%s: %v", line, err)
		}
		if l.Message == message {
			lines = append(lines, l)
		}
	}
	return lines
}

// until waits for a kind of line about a message.
func (f *fixture) until(message string, kind Kind) (found Line) {
	f.t.Helper()
	eventually(f.t, message+" is "+string(kind), func() bool {
		for _, l := range f.lines(message) {
			if l.Kind == kind {
				found = l
				return true
			}
		}
		return false
	})
	return found
}

// at is the expression of a time.
func at(when time.Time) string { return "at(" + when.UTC().Format("2006-01-02T15:04:05") + ")" }

func copyFile(w io.Writer, path string) error {
	content, err := os.ReadFile(path)
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}
