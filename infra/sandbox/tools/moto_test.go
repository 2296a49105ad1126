package tools

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// motoKit is a kit with nothing on PATH but what is in the folder that it gives, and no package index to ask.
func motoKit(t *testing.T) (k *kit, path string) {
	t.Helper()
	path = t.TempDir()
	t.Setenv("PATH", path)
	t.Setenv("PIP_NO_INDEX", "1")
	t.Setenv("PIP_FIND_LINKS", "")
	k = &kit{root: t.TempDir(), cache: t.TempDir(), plugins: t.TempDir(), progress: newProgress(&bytes.Buffer{})}
	k.requires(t, "moto[server]=="+motoVersion)
	return k, path
}

// requires is what the checkout says is to be installed.
func (k *kit) requires(t *testing.T, lines string) {
	t.Helper()
	files(t, k.root, map[string]string{"infra/sandbox/toolchain/moto/requirements.txt": lines + "\n"})
}

// environment is the name of the virtual environment for these requirements.
func (k *kit) environment(t *testing.T) string {
	t.Helper()
	source, err := k.hash("infra/sandbox/toolchain/moto/requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	return "moto-" + motoVersion + "-" + source[:16]
}

// python puts the real one into a folder.
func python(t *testing.T, folder string) {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import sys, venv, ensurepip; print(sys.executable)").Output()
	if err != nil {
		t.Skip("needs python3 with venv (Debian: python3-venv)")
	}
	if err := os.Symlink(strings.TrimSpace(string(out)), filepath.Join(folder, "python3")); err != nil {
		t.Fatal(err)
	}
}

// installed puts a moto_server of a version into a folder, with a Python of its own that knows the version.
func installed(t *testing.T, folder, version string) string {
	t.Helper()
	own := t.TempDir()
	files(t, own, map[string]string{"python3.11": "#!/bin/sh\necho " + version + "\n"})
	files(t, folder, map[string]string{"moto_server": "#!" + own + "/python3.11\n"})
	return filepath.Join(folder, "moto_server")
}

// pipKit is a kit with a Python, and nothing else.
func pipKit(t *testing.T) *kit {
	t.Helper()
	folder := t.TempDir()
	python(t, folder)
	k, path := motoKit(t)
	t.Setenv("PATH", path+string(os.PathListSeparator)+folder)
	return k
}

func TestAFileThatHasAnotherHashIsNotInstalled(t *testing.T) {
	k := pipKit(t)
	hash := wheel(t)
	k.requires(t, "moto[server]=="+motoVersion+" --hash=sha256:"+strings.Repeat("0", len(hash)))
	if _, err := k.moto(t.Context()); err == nil || !strings.Contains(err.Error(), "DO NOT MATCH THE HASHES") {
		t.Errorf("the error is %v", err)
	}
}

func TestADependencyThatIsNotPinnedIsNotInstalledButNamed(t *testing.T) {
	k := pipKit(t)
	wheel(t, "unpinned>=1")
	if _, err := k.moto(t.Context()); err == nil || !strings.Contains(err.Error(), "requires unpinned, which is not installed") {
		t.Errorf("the error is %v", err)
	}
}

func TestEveryRequirementIsPinned(t *testing.T) {
	text, err := os.ReadFile("../toolchain/moto/requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^[a-z0-9-]+(\[server\])?==[0-9][0-9a-z.]*(; python_version [<>=]+ "3\.11")?$`)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, "#") && !pinned.MatchString(line) {
			t.Errorf("%q is no exact version", line)
		}
	}
	if !slices.Contains(lines, "moto[server]=="+motoVersion) {
		t.Errorf("moto is not required in version %s", motoVersion)
	}
}

func TestMotoOfTheRightVersionIsTakenAsItIs(t *testing.T) {
	k, path := motoKit(t)
	want := installed(t, path, motoVersion)
	if got, err := k.moto(t.Context()); err != nil || got != want || reported(k) != "" {
		t.Errorf("%s %v, reported %q", got, err, reported(k))
	}
}

func TestMotoIsInstalledOnceWhereThereIsAnotherVersion(t *testing.T) {
	k := pipKit(t)
	k.requires(t, "moto[server]=="+motoVersion+" --hash=sha256:"+wheel(t))
	installed(t, strings.Split(os.Getenv("PATH"), string(os.PathListSeparator))[0], "4.0.0")
	// What a killed run left has no mark, and goes.
	files(t, k.cache, map[string]string{k.environment(t) + "/bin/moto_server": "half"})
	moto, err := k.moto(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := prints(t, moto); got != "hello" {
		t.Errorf("it prints %q", got)
	}
	if got := reported(k); !strings.Contains(got, "installing moto") {
		t.Errorf("reported %q", got)
	}
	if again, err := k.moto(t.Context()); err != nil || again != moto || reported(k) != "" {
		t.Errorf("the second time: %s %v, reported %q", again, err, reported(k))
	}
}

func TestAnEnvironmentIsOfTheCheckoutsRequirements(t *testing.T) {
	k, _ := motoKit(t)
	first := k.environment(t)
	k.root = t.TempDir()
	k.requires(t, "# other requirements")
	second := k.environment(t)
	if first == second {
		t.Fatalf("both have %s", first)
	}
	for _, name := range []string{first, second} {
		files(t, k.cache, map[string]string{name + "/ready": "", name + "/bin/python3": "", name + "/bin/moto_server": ""})
	}
	if got, err := k.moto(t.Context()); err != nil || got != filepath.Join(k.cache, second, "bin", "moto_server") {
		t.Errorf("%s %v", got, err)
	}
}

func TestAnEnvironmentWhosePythonIsGoneIsNotWhole(t *testing.T) {
	folder := t.TempDir()
	files(t, folder, map[string]string{"ready": "", "bin/moto_server": ""})
	if err := os.Symlink("/nowhere/python3", filepath.Join(folder, "bin", "python3")); err != nil { // which an upgrade took away
		t.Fatal(err)
	}
	if isWhole(folder) {
		t.Error("it is taken")
	}
}

func TestAnotherMotoServesWhereTheRightOneCannotBeInstalled(t *testing.T) {
	k, path := motoKit(t)
	want := installed(t, path, "4.0.0")
	got, err := k.moto(t.Context())
	if err != nil || got != want {
		t.Errorf("%s %v", got, err)
	}
	if output := reported(k); !strings.Contains(output, "4.0.0: tried with "+motoVersion+" only") {
		t.Errorf("reported %q", output)
	}
}

func TestWithoutMotoAndPythonOneLineSaysWhatToInstall(t *testing.T) {
	k, _ := motoKit(t)
	_, err := k.moto(t.Context())
	if err == nil || !strings.Contains(err.Error(), "python3-venv") || !strings.Contains(err.Error(), "moto[server]=="+motoVersion) ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is %v", err)
	}
}
