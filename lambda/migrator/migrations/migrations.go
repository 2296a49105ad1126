// Package migrations holds the database's schema: SQL files that are applied once each, in the order of their numbers.
// It is a package of its own, so that the program knows by Hash when to run the migrator again.
//
// A file that was deployed is never changed; a change is a new file with the next number. MySQL does not roll back a
// CREATE or ALTER, and the function may end between a statement and the record that it was applied. So a file holds
// what is safe to run twice: CREATE TABLE IF NOT EXISTS, or where MySQL has no such clause, a statement that
// asks information_schema first:
//
//	SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
//	  AND table_name = 'messages' AND column_name = 'locale') = 0,
//	  'ALTER TABLE messages ADD COLUMN locale VARCHAR(16) NULL', 'SELECT 0');
//	PREPARE change FROM @change;
//	EXECUTE change;
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"scheduled-messages/lambda/internal/dbuser"
)

//go:embed *.sql
var files embed.FS // go:embed fills nothing but package variables

// Files are the migrations, for the migrator and for tests that need the tables.
func Files() fs.FS { return files }

// Hash changes when a migration is added or changed, or what the migrator grants to the database's users, and only then.
// It is hexadecimal SHA-256.
func Hash() (string, error) { return hash(files, dbuser.Fingerprint()) }

func hash(fsys fs.FS, grants string) (string, error) {
	names, err := fs.Glob(fsys, "*.sql") // sorted
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d %s ", len(grants), grants)
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%d %s %d ", len(name), name, len(text))
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
