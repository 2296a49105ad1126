package tools

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatAnEarlierVersionPutAmongPulumisPluginsIsTakenAway(t *testing.T) {
	k := checkout(t)
	_, built, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	reported(k)
	// As an earlier version left it: of the same sources, which its folder's name has the hash of, and of others.
	same, other := filepath.Join(k.plugins, "resource-aws-v6.1.2"), filepath.Join(k.plugins, "resource-random-v4.3.4")
	source, err := k.sources(plugin{name: "aws"})
	if err != nil {
		t.Fatal(err)
	}
	files(t, same, map[string]string{"pulumi-resource-aws": "#!/bin/sh\necho moved\n", mark: source})
	files(t, other, map[string]string{"pulumi-resource-random": "", mark: "others"})
	files(t, k.plugins, map[string]string{
		"resource-aws-v6.1.2.lock": "", "resource-random-v4.3.4.lock": "", "resource-aws-v6.9.9/pulumi-resource-aws": "released"})
	for _, folder := range built {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	if _, built, err = k.pulumi(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := prints(t, onPath(t, built, "aws")); got != "moved" {
		t.Errorf("of the same sources: the plugin prints %q", got)
	}
	if got := prints(t, onPath(t, built, "random")); got != "random 4.3.4 real" {
		t.Errorf("of other sources: the plugin prints %q", got)
	}
	left, err := os.ReadDir(k.plugins)
	if err != nil || len(left) != 1 || left[0].Name() != "resource-aws-v6.9.9" {
		t.Errorf("among Pulumi's plugins: %v, %v", left, err)
	}
	if got := reported(k); strings.Count(got, "taking a cut-down plugin") != 2 || strings.Contains(got, "building the aws") {
		t.Errorf("reported %s", got)
	}
}

func TestALeftoverGoesAlsoWhenThePluginIsThere(t *testing.T) {
	k := checkout(t)
	if _, _, err := k.pulumi(t.Context()); err != nil {
		t.Fatal(err)
	}
	files(t, k.plugins, map[string]string{"resource-aws-v6.1.2/pulumi-resource-aws": "", "resource-aws-v6.1.2/" + mark: "others"})
	_, built, err := k.pulumi(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := prints(t, onPath(t, built, "aws")); got != "aws 6.1.2 real" {
		t.Errorf("the plugin prints %q", got)
	}
	if left, err := os.ReadDir(k.plugins); len(left) > 0 {
		t.Errorf("among Pulumi's plugins: %v, %v", left, err)
	}
}
