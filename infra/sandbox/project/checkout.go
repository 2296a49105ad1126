package project

import (
	"errors"
	"os"
	"path/filepath"
)

// Checkout is the root of the checkout that the command is run in: the nearest folder with a Pulumi.yaml.
func Checkout() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "Pulumi.yaml")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("run it in the checkout: there is no Pulumi.yaml here or above")
		}
		folder = filepath.Dir(folder)
	}
}
