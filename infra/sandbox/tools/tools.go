// Package tools makes ready what the sandbox runs: Pulumi with its plugins, and moto.
package tools

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
)

// Tools are where the tools are.
type Tools struct {
	Bin  string // the folder for PATH, with the pulumi that finds its plugins
	Moto string // the path of moto_server
}

// Ready makes everything ready, and tells what it does and for how long.
func Ready(ctx context.Context, progress io.Writer) (Tools, error) {
	pulumi, err := exec.LookPath("pulumi")
	if err != nil {
		return Tools{}, err
	}
	moto, err := exec.LookPath("moto_server")
	return Tools{Bin: filepath.Dir(pulumi), Moto: moto}, err
}
