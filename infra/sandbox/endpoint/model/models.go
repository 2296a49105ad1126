package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// ErrNoModel is why a service cannot be validated: botocore has no model of that name and version.
var ErrNoModel = errors.New("botocore has no such service model")

// Models are the service models in botocore's data folder. Each is read when it is first asked for, and kept. They are
// safe for concurrent use.
type Models struct {
	folder string

	signed   func() map[string][]string // names by what requests are signed for
	mu       sync.Mutex
	services map[string]func() (*Service, error) // by folder and version
}

// Open looks at a data folder of botocore's. It is an error if it holds no model of EC2, which every botocore has.
func Open(folder string) (*Models, error) {
	m := &Models{folder: folder, services: map[string]func() (*Service, error){}}
	m.signed = sync.OnceValue(m.index)
	if _, err := m.file("ec2", ""); err != nil {
		return nil, fmt.Errorf("%s holds no service models: %w", folder, err)
	}
	return m, nil
}

// Service is the model in a folder such as elbv2, of an API version such as 2015-12-01 or, without one, of the newest.
// It is ErrNoModel if there is none.
func (m *Models) Service(name, version string) (*Service, error) {
	m.mu.Lock()
	key := name + "/" + version
	read, found := m.services[key]
	if !found {
		read = sync.OnceValues(func() (*Service, error) { return m.read(name, version) })
		m.services[key] = read
	}
	m.mu.Unlock()
	return read()
}

func (m *Models) read(name, version string) (*Service, error) {
	file, err := m.file(name, version)
	if err != nil {
		return nil, err
	}
	service, err := load(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	service.Name = name
	return service, nil
}

// file finds a model, which may be compressed.
func (m *Models) file(name, version string) (string, error) {
	if name == "" || name != filepath.Base(name) {
		return "", fmt.Errorf("%w: %q", ErrNoModel, name)
	}
	if version == "" {
		version = "*"
	} else if version != filepath.Base(version) {
		return "", fmt.Errorf("%w: %s of version %q", ErrNoModel, name, version)
	}
	found, err := filepath.Glob(filepath.Join(m.folder, name, version, "service-2.json*"))
	if err != nil {
		return "", err
	}
	for i := len(found) - 1; i >= 0; i-- { // in the order of their names, which are dates
		if base := filepath.Base(found[i]); base == "service-2.json" || base == "service-2.json.gz" {
			return found[i], nil
		}
	}
	if _, err := os.Stat(m.folder); errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return "", fmt.Errorf("%w: %s %s", ErrNoModel, name, version)
}
