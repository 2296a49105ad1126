package tools

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// mark is the file by which a plugin is known that an earlier version of this command put among Pulumi's own, under the
// name of the release that it was cut down from. It holds the hash of the plugin's sources.
const mark = "scheduled-messages.sources"

// moveLeftover takes such a plugin away from there, and keeps it if it was built of these sources. Only who holds the lock
// may call it.
func (k *kit) moveLeftover(released, built, source string) error {
	of, err := os.ReadFile(filepath.Join(released, mark))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	k.progress.say("taking a cut-down plugin of an earlier version away from Pulumi's own: %s", released)
	if has, err := exists(built); string(of) == source && !has && err == nil {
		if os.Rename(released, built) == nil { // else it is on another disk, and built anew
			return errors.Join(os.Remove(filepath.Join(built, mark)), removeLock(released))
		}
	}
	return errors.Join(os.RemoveAll(released), removeLock(released))
}

// removeLock removes the file that Pulumi wants next to a plugin that it did not download itself.
func removeLock(released string) error {
	err := os.Remove(released + ".lock")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
