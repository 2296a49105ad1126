// Command cost prints what a stack costs on AWS, from what the program registers and a dated price list. With -w it
// puts the tables into docs/cost.md and the README, between the lines that say where they belong.
//
//	go run ./infra/cost
//	go run ./infra/cost -w
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	write := flag.Bool("w", false, "write the tables into the documentation")
	flag.Parse()
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

func run(write bool) error {
	root, err := module()
	if err != nil {
		return err
	}
	texts, err := documents(root)
	if err != nil {
		return err
	}
	if !write {
		fmt.Print(texts["docs/cost.md"])
		return nil
	}
	for name, text := range texts {
		path := filepath.Join(root, name)
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		made, err := between(string(old), text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// module is the repository's folder.
func module() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return string(bytes.TrimSpace(out)), nil
}

// documents are the tables by the file that they belong into.
func documents(root string) (map[string]string, error) {
	prices, usage, err := load()
	if err != nil {
		return nil, err
	}
	all, err := bills(root, usage)
	if err != nil {
		return nil, err
	}
	tables, err := page(prices, usage, all)
	if err != nil {
		return nil, err
	}
	return map[string]string{"docs/cost.md": tables, "README.md": summary(prices, all)}, nil
}

// The lines between which the tables stand.
const (
	begin = "<!-- cost: made by go run ./infra/cost -w -->\n"
	end   = "<!-- cost: end -->\n"
)

// between puts the tables in their place in a text.
func between(text, tables string) (string, error) {
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("lacks %q and %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + "\n" + tables + "\n" + end + after, nil
}
