package build

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/klauspost/compress/flate"
	"golang.org/x/sync/errgroup"

	"scheduled-messages/infra/config"
)

// GoVersion builds the functions, whatever builds the program, so that every machine builds the same. Go fetches it
// where it is missing. It is go.mod's toolchain, which a test compares.
const GoVersion = "go1.26.8"

// names are those of the functions, each from its folder in lambda.
var names = config.FunctionNames()

// Bundle is a built function: a zip with the binary bootstrap in it, the same for the same sources on any machine.
type Bundle struct {
	Path         string
	SHA256       string // base64, as Lambda returns it
	Architecture string
}

// Functions builds all functions into .build/lambda below the module's folder, or the current one when empty.
func Functions(module, architecture string) (map[string]Bundle, error) {
	if module == "" {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		module = string(bytes.TrimSpace(out))
	}
	folder := filepath.Join(module, ".build", "lambda", architecture)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	inputs, err := inputsOf(module, architecture)
	if err != nil {
		return nil, err
	}
	record := filepath.Join(folder, "inputs")
	if bundles := unchanged(record, inputs, folder, architecture); bundles != nil {
		return bundles, nil
	}
	// Two runs at once, of two stacks, each link into a folder of their own.
	binaries, err := os.MkdirTemp(folder, "binaries-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(binaries)
	if err := compile(module, binaries, architecture); err != nil {
		return nil, err
	}
	bundles := map[string]Bundle{}
	zipped := make([]Bundle, len(names))
	var group errgroup.Group
	for i, name := range names {
		group.Go(func() (err error) {
			zipped[i], err = bundle(filepath.Join(binaries, name), filepath.Join(folder, name+".zip"))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	made := []string{inputs}
	for i, name := range names {
		zipped[i].Architecture = architecture
		bundles[name] = zipped[i]
		made = append(made, zipped[i].SHA256)
	}
	// Sources that somebody edited meanwhile leave no record.
	if after, err := inputsOf(module, architecture); err != nil || after != inputs {
		return bundles, err
	}
	return bundles, replace(record, filepath.Join(binaries, "inputs"), []byte(strings.Join(made, "\n")))
}

// linkFlags are those of the functions' binaries: nothing in them depends on the machine or the time.
const linkFlags = "-s -w -buildid="

// compression is the level of the zips: 9 takes five times as long and makes a zip that is 1% smaller.
const compression = 7

// compile builds every function's binary into a folder.
func compile(module, folder, architecture string) error {
	_, err := goCommand(module, architecture, "build", "-ldflags", linkFlags, "-o", folder)
	return err
}

// goCommand runs a command of Go on the functions' packages, for their processor.
func goCommand(module, architecture, command string, args ...string) ([]byte, error) {
	args = append([]string{command, "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false"}, args...)
	for _, name := range names {
		args = append(args, "./lambda/"+name)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), // the later value counts; nothing of the machine's own settings gets in
		"CGO_ENABLED=0", "GOOS=linux", "GOARCH="+config.Processors[architecture].GOARCH, "GOARM64=v8.0", "GOAMD64=v1",
		"GOTOOLCHAIN="+GoVersion, "GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off", "GOWORK=off")
	var output bytes.Buffer
	cmd.Stderr = &output
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s%s", command, err, output.Bytes(), ToolchainHint(output.Bytes()))
	}
	return out, nil
}

// ToolchainHint explains the one failure of a build that is about the machine and not about the sources: Go could not
// download the version that builds the functions. Empty for any other.
// https://go.dev/doc/toolchain#download
func ToolchainHint(output []byte) string {
	if !bytes.Contains(output, []byte("go: download go")) {
		return ""
	}
	return fmt.Sprintf(
		"The functions are built with %s, so that every machine builds the same, and this machine has %s and may not "+
			"download another: allow it (GOPROXY and GOSUMDB, see go env), or install %s.",
		GoVersion,
		runtime.Version(),
		GoVersion,
	)
}

// bundle zips a binary. The zip is put in place by a rename, and only where it differs: another run may be reading it.
func bundle(binary, path string) (Bundle, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return Bundle{}, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	// The standard library's deflate is free to change with Go's version; this one changes with go.mod.
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, compression) })
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate} // and no time
	header.SetMode(0o755)
	entry, err := w.CreateHeader(header)
	if err != nil {
		return Bundle{}, err
	}
	if _, err := entry.Write(content); err != nil {
		return Bundle{}, err
	}
	if err := w.Close(); err != nil {
		return Bundle{}, err
	}
	return Bundle{Path: path, SHA256: Sum(out.Bytes())}, replace(path, binary+".zip", out.Bytes())
}

// Sum is the SHA-256 of a content, in base64.
func Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// replace puts a file in place by a rename, and only where it differs.
func replace(path, temporary string, content []byte) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
