package model

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Service is one version of a service's API.
type Service struct {
	Name       string `json:"-"` // botocore's name of it: the folder
	Metadata   Metadata
	Operations map[string]*Operation
	Shapes     map[string]*Shape
}

// Metadata say how a service is spoken to.
type Metadata struct {
	Protocol       string   // botocore's choice
	Protocols      []string // all of them
	TargetPrefix   string   // of X-Amz-Target
	XMLNamespace   string
	SigningName    string // what requests are signed for
	EndpointPrefix string // the same where there is no SigningName
	// QueryErrors is there where answers of newer protocols carry the query protocol's error codes too.
	QueryErrors *struct{} `json:"awsQueryCompatible"`
}

// Operation is one of a service.
type Operation struct {
	Name string
	HTTP struct{ Method, RequestURI string }
	// Input is the shape of what it takes, an empty structure if it takes nothing.
	Input *Shape `json:"-"`

	InputReference *Member `json:"input"`
}

func load(file string) (*Service, error) {
	content, err := open(file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	s := &Service{}
	if err := json.NewDecoder(content).Decode(s); err != nil {
		return nil, err
	}
	return s, s.link()
}

// open reads a file that may be compressed.
func open(file string) (io.ReadCloser, error) {
	content, err := os.Open(file)
	if err != nil || !strings.HasSuffix(file, ".gz") {
		return content, err
	}
	unzipped, err := gzip.NewReader(content)
	if err != nil {
		return nil, errors.Join(err, content.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unzipped, content}, nil
}

// link replaces the names of shapes by the shapes.
func (s *Service) link() error {
	for name, shape := range s.Shapes {
		shape.Name, shape.service = name, s
		members := []*Member{shape.Member, shape.Key, shape.Value}
		for _, member := range shape.Members {
			members = append(members, member)
		}
		for _, member := range members {
			if err := s.resolve(member); err != nil {
				return fmt.Errorf("shape %s: %w", name, err)
			}
		}
	}
	for name, operation := range s.Operations {
		operation.Input = &Shape{Type: Structure, service: s}
		if operation.InputReference != nil {
			if err := s.resolve(operation.InputReference); err != nil {
				return fmt.Errorf("operation %s: %w", name, err)
			}
			operation.Input = operation.InputReference.Shape
		}
	}
	return nil
}

func (s *Service) resolve(member *Member) error {
	if member == nil {
		return nil
	}
	if member.Shape = s.Shapes[member.Reference]; member.Shape == nil {
		return fmt.Errorf("there is no shape %s", member.Reference)
	}
	return nil
}
