package dataplane

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// functions are those that were invoked, each as it is deployed now.
type functions struct {
	plane *plane

	mu    sync.Mutex
	pools map[string]*pool // by name
}

// broken is what is wrong with a function as it is deployed: no environment of it starts.
type broken struct{ error }

// invoke has a function handle an event. Its error is none of the function's own.
func (fs *functions) invoke(ctx context.Context, id, name string, payload []byte) (lambdaruntime.Answer, error) {
	pool, err := fs.find(ctx, name)
	if err == nil {
		var answer lambdaruntime.Answer
		if answer, err = pool.invoke(ctx, id, payload); err == nil {
			return answer, nil
		}
	}
	if defect, ok := errors.AsType[*broken](err); ok {
		failure := &lambdaruntime.FunctionError{Type: "Runtime.InvalidEntrypoint", Message: defect.Error()}
		return lambdaruntime.Answer{Error: failure}, nil
	}
	return lambdaruntime.Answer{}, err
}

// find returns a function's environments. Those of a function that has changed are made anew, as is its code.
func (fs *functions) find(ctx context.Context, name string) (*pool, error) {
	f, err := fs.plane.deployed.get(ctx, name)
	if cloud.NotFound(err) {
		fs.drop(name)
	}
	if err != nil {
		return nil, err
	}
	address := f.Code
	f.Code = "" // another one at every request
	now, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	old := fs.pools[name]
	if old != nil && old.deployed == string(now) {
		return old, nil
	}
	f.Code = address
	code, err := fs.plane.cloud.FunctionCode(ctx, f)
	if err != nil {
		return nil, err
	}
	binary, err := fs.unpack(f, code)
	if err != nil {
		return nil, &broken{fmt.Errorf("code of %s: %w", name, err)}
	}
	if old != nil {
		old.close()
	}
	fs.pools[name] = newPool(fs.plane, f, string(now), binary)
	return fs.pools[name], nil
}

func (fs *functions) drop(name string) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if old := fs.pools[name]; old != nil {
		old.close()
		delete(fs.pools, name)
	}
}

// close ends all environments.
func (fs *functions) close() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, pool := range fs.pools {
		pool.close()
	}
}

// unpack returns the path of a function's binary, in a folder for this code and no other.
func (fs *functions) unpack(f cloud.Function, code []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(code), int64(len(code)))
	if err != nil {
		return "", err
	}
	entry, err := archive.Open("bootstrap") // what provided.al2023 runs
	if err != nil {
		return "", err
	}
	defer entry.Close()
	content, err := io.ReadAll(entry)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(fs.plane.options.Folder, "code", idFor(f.Name, f.CodeSHA256))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "bootstrap")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil // it may be running, and then it cannot be written
	}
	if err := writeDurably(binary, content); err != nil {
		return "", err
	}
	return binary, os.Chmod(binary, 0o700)
}
