package model

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAFolderWithoutModelsIsRefused(t *testing.T) {
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoModel) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestAServiceWithoutAModelIsAnError(t *testing.T) {
	models := written(t, toy)
	for _, name := range []string{"", "none", "../toy", "."} {
		if _, err := models.Service(name, ""); !errors.Is(err, ErrNoModel) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, version := range []string{"2019-01-01", "../2020-01-01", ".."} {
		if _, err := models.Service("toy", version); !errors.Is(err, ErrNoModel) {
			t.Errorf("version %q: %v", version, err)
		}
	}
}

func TestAModelThatCannotBeReadNamesItsFile(t *testing.T) {
	_, err := written(t, `{"operations": {"Put": {"input": {"shape": "Nowhere"}}}}`).Service("toy", "")
	if err == nil || !strings.Contains(err.Error(), "service-2.json") || !strings.Contains(err.Error(), "there is no shape Nowhere") {
		t.Error(err)
	}
}

func TestAServiceIsFoundByWhatItsRequestsAreSignedFor(t *testing.T) {
	models := written(t, strings.Replace(toy, `"protocol"`, `"endpointPrefix": "play", "protocol"`, 1))
	for signed, want := range map[string][]string{"toy": {"toy"}, "play": {"ec2", "toy"}, "elasticloadbalancing": {"elbv2", "elb"}, "nowhere": nil, "": nil} {
		if got := models.Names(signed); !slices.Equal(got, want) {
			t.Errorf("%q: %v", signed, got)
		}
	}
}

func TestAModelIsReadOnce(t *testing.T) {
	models := written(t, toy)
	first, err := models.Service("toy", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(models.folder); err != nil {
		t.Fatal(err)
	}
	if again, err := models.Service("toy", ""); err != nil || again != first {
		t.Errorf("read again: %v", err)
	}
}
