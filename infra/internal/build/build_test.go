package build_test

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
)

// copyModule copies what the functions are built from to a folder of its own.
func copyModule(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, path := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(module.Path(path))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, path), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(folder, "lambda"), os.DirFS(module.Path("lambda"))); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestFunctionsBuiltTwiceInTwoFoldersAreIdentical(t *testing.T) {
	// What a machine may have set must not get in either.
	t.Setenv("GOFLAGS", "-buildvcs=true")
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("GOARM64", "v8.4")
	one, two := copyModule(t), copyModule(t)
	first, err := build.Functions(one, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	second, err := build.Functions(two, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	here, err := infratest.Built("", "arm64")
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != len(config.Functions) {
		t.Fatalf("built %d functions of %d", len(first), len(config.Functions))
	}
	for name := range first {
		a, err := os.ReadFile(first[name].Path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(second[name].Path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) || first[name].SHA256 != second[name].SHA256 {
			t.Errorf("%s differs between two folders", name)
		}
		if here[name].SHA256 != first[name].SHA256 {
			t.Errorf("%s differs from the repository's own", name)
		}
	}
}

func TestBundleHoldsOneExecutableForTheProcessorUnderTheNameBootstrap(t *testing.T) {
	for architecture, machine := range map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64} {
		bundles, err := infratest.Built("", architecture)
		if err != nil {
			t.Fatal(err)
		}
		for name, bundle := range bundles {
			archive, err := zip.OpenReader(bundle.Path)
			if err != nil {
				t.Fatal(err)
			}
			defer archive.Close()
			if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" || archive.File[0].Mode() != 0o755 {
				t.Fatalf("%s: %v %v", name, archive.File[0].Name, archive.File[0].Mode())
			}
			file, err := archive.File[0].Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			binary, err := elf.NewFile(bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if binary.Machine != machine {
				t.Errorf("%s for %s is for %s", name, architecture, binary.Machine)
			}
			if libraries, err := binary.ImportedLibraries(); err != nil || len(libraries) > 0 {
				t.Errorf("%s wants libraries of the system: %v, %v", name, libraries, err)
			}
		}
	}
}

func TestBundleIsLeftAloneWhereNothingChanged(t *testing.T) {
	module := copyModule(t)
	first, err := build.Functions(module, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int64{}
	for name, bundle := range first {
		info, err := os.Stat(bundle.Path)
		if err != nil {
			t.Fatal(err)
		}
		times[name] = info.ModTime().UnixNano()
	}
	second, err := build.Functions(module, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(first, second) {
		t.Errorf("%v became %v", first, second)
	}
	for name, bundle := range second {
		info, err := os.Stat(bundle.Path)
		if err != nil {
			t.Fatal(err)
		}
		if info.ModTime().UnixNano() != times[name] {
			t.Errorf("%s was written again, where another run may be reading it", name)
		}
	}
	left, err := filepath.Glob(filepath.Join(module, ".build", "lambda", "arm64", "binaries-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestFunctionThatDoesNotCompileIsAnErrorWithTheCompilersWords(t *testing.T) {
	module := copyModule(t)
	if err := os.WriteFile(filepath.Join(module, "lambda", "sender", "broken.go"), []byte("package main\nvar x int = \"text\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := build.Functions(module, "arm64"); err == nil || !strings.Contains(err.Error(), "lambda/sender/broken.go:2") {
		t.Errorf("got %v", err)
	}
}

func TestFunctionsAreBuiltWithTheToolchainOfTheModule(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json", module.Path("go.mod")).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := `"Toolchain": "` + build.GoVersion + `"`; !strings.Contains(string(out), want) {
		t.Errorf("go.mod has not %s", want)
	}
}

func TestFunctionsAreLinkedAgainOnlyWhenTheirInputsChanged(t *testing.T) {
	module := copyModule(t)
	buildAll := func() map[string]build.Bundle {
		t.Helper()
		bundles, err := build.Functions(module, "arm64")
		if err != nil {
			t.Fatal(err)
		}
		return bundles
	}
	first := buildAll()
	record := filepath.Join(module, ".build", "lambda", "arm64", "inputs")
	before := infratest.LinkedAt(t, module)
	if again := buildAll(); !maps.Equal(again, first) || infratest.LinkedAt(t, module) != before {
		t.Errorf("nothing changed, and it was linked: %v", again)
	}

	// A zip that is gone or broken is made again.
	if err := os.WriteFile(first["sender"].Path, []byte("half a zip"), 0o644); err != nil {
		t.Fatal(err)
	}
	if again := buildAll(); !maps.Equal(again, first) {
		t.Errorf("a broken zip: %v", again)
	}
	if content, err := os.ReadFile(first["sender"].Path); err != nil || build.Sum(content) != first["sender"].SHA256 {
		t.Errorf("the broken zip is still there: %v", err)
	}

	// A package that only one function uses, below it.
	name := filepath.Join(module, "lambda", "sender", "main.go")
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(source, "\nvar Marker = \"changed\"\n\nfunc init() { println(Marker) }\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	changed := buildAll()
	if changed["sender"].SHA256 == first["sender"].SHA256 || changed["updater"].SHA256 != first["updater"].SHA256 {
		t.Errorf("the sender changed: %v", changed)
	}
	// And back.
	if err := os.WriteFile(name, source, 0o644); err != nil {
		t.Fatal(err)
	}
	if again := buildAll(); !maps.Equal(again, first) {
		t.Errorf("the change was taken back: %v", again)
	}
	if _, err := os.Stat(record); err != nil {
		t.Error(err)
	}
}

// BenchmarkFunctions is what a preview pays for the functions when nothing changed, in addition to linking and zipping them.
func BenchmarkFunctions(b *testing.B) {
	module, err := filepath.Abs(module.Root())
	if err != nil {
		b.Fatal(err)
	}
	for name, forget := range map[string]bool{"linked": true, "unchanged": false} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if forget {
					_ = os.Remove(filepath.Join(module, ".build/lambda/arm64/inputs"))
				}
				if _, err := build.Functions(module, "arm64"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
