package tools

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// unfinished is what the names of folders that are not complete yet begin with.
const unfinished = "unfinished-"

// lock keeps other runs from building the same. The kernel drops it with the process, however that ends.
func (k *kit) lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(k.cache, 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(k.cache, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	// Whoever may read the file can take the lock and keep it. One of an earlier version is open to all.
	if err := file.Chmod(0o600); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	try := func() error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
	if err = try(); errors.Is(err, syscall.EWOULDBLOCK) {
		err = k.progress.step("waiting for another run that makes tools ready", func() error {
			for {
				if err := try(); !errors.Is(err, syscall.EWOULDBLOCK) {
					return err
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(200 * time.Millisecond):
				}
			}
		})
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { file.Close() }, k.removeUnfinished()
}

// removeUnfinished removes what killed runs left unfinished. Only who holds the lock may call it.
func (k *kit) removeUnfinished() error {
	for _, folder := range []string{k.cache, k.plugins} {
		left, err := filepath.Glob(filepath.Join(folder, unfinished+"*"))
		if err != nil {
			return err
		}
		for _, path := range left {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// complete makes a folder: fill gets a temporary one next to it, which takes its place once it is filled.
func complete(folder string, fill func(temporary string) error) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(folder), unfinished)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	if err := os.Chmod(temporary, 0o755); err != nil {
		return err
	}
	if err := fill(temporary); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(temporary, folder)
}
