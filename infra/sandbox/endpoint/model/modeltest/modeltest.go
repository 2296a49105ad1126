// Package modeltest opens the service models for tests.
package modeltest

import (
	"os/exec"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// Installed opens the models that come with the installed moto, without which the test skips.
func Installed(t *testing.T) *model.Models {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("needs moto_server on PATH: pip install 'moto[server]==5.2.1'")
	}
	models, err := model.Installed(t.Context(), "moto_server")
	if err != nil {
		t.Fatal(err)
	}
	return models
}
