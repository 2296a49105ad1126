package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/tools"
)

func TestACommandThatIsPrintedNamesTheFolderAndWorksWhereItIsPrinted(t *testing.T) {
	root, err := tools.Checkout()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, folder, want string }{
		{".", filepath.Join(root, ".state", "sandbox"), "go run ./infra/sandbox send"},
		{"infra", filepath.Join(root, ".state", "sandbox"), "go run ./sandbox send"},
		{"docs", "/it's a folder", `go run ./../infra/sandbox send -folder '/it'\''s a folder'`},
	} {
		t.Chdir(filepath.Join(root, c.from))
		if got := Command(c.folder, "send"); got != c.want {
			t.Errorf("from %s: %s", c.from, got)
		}
	}
}

func TestWhatIsNotUpSaysHowToBringItUp(t *testing.T) {
	folder := t.TempDir()
	if _, err := Running(t.Context(), folder, ""); err == nil || !strings.Contains(err.Error(), " up -folder '"+folder+"'`") {
		t.Errorf("without a sandbox: %v", err)
	}
	began, err := process.StartedAt(os.Getpid())
	if err != nil {
		t.Skip("needs Linux's /proc")
	}
	// A Pulumi whose stack was destroyed has no outputs.
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "pulumi"), []byte("#!/bin/sh\necho '{}'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := State{PID: os.Getpid(), Began: began, Ready: true, Tools: tools.Tools{Bin: bin}}
	if err := s.Save(folder); err != nil {
		t.Fatal(err)
	}
	_, err = Running(t.Context(), folder, "second")
	if err == nil || !strings.Contains(err.Error(), "the stack second is not up") || !strings.Contains(err.Error(), "'"+folder+"/env.sh'") {
		t.Errorf("of a destroyed stack: %v", err)
	}
}

// TestOutputsAreTheStacksOfNow has a Pulumi that says what it was asked with.
func TestOutputsAreTheStacksOfNow(t *testing.T) {
	began, err := process.StartedAt(os.Getpid())
	if err != nil {
		t.Skip("needs Linux's /proc")
	}
	folder, bin := t.TempDir(), t.TempDir()
	script := "#!/bin/sh\nprintf '{\"stack\":\"%s\",\"backend\":\"%s\",\"profile\":\"%s\"}' \"$PULUMI_STACK\" \"$PULUMI_BACKEND_URL\" \"$AWS_PROFILE\"\n"
	if err := os.WriteFile(filepath.Join(bin, "pulumi"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (State{PID: os.Getpid(), Began: began, Ready: true, Tools: tools.Tools{Bin: bin}}).Save(folder); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_PROFILE", "hostile")
	t.Setenv("PULUMI_STACK", "hostile")
	for stack, want := range map[string]string{"": "sandbox", "second": "second"} {
		s, err := Running(t.Context(), folder, stack)
		if err != nil {
			t.Fatal(err)
		}
		if s.Outputs["stack"] != want || s.Outputs["backend"] != "file://"+folder+"/state?metadata=skip" || s.Outputs["profile"] != "" {
			t.Errorf("of %q: %v", stack, s.Outputs)
		}
	}
}
