package dbuser

import (
	"strings"
	"testing"

	"github.com/dolthub/vitess/go/mysql"
)

func TestTheHashIsTheOneThatAnotherServersAuthorsCompute(t *testing.T) {
	for _, password := range []string{"a", "Unmistakable-1", "ünï '\\\"`;", strings.Repeat("0123456789", 20)} {
		salt := newSalt()
		want, err := mysql.SerializeCachingSha2PasswordAuthString(password, []byte(salt), sha2Rounds/1000)
		if err != nil {
			t.Fatal(err)
		}
		if got := sha2Hash(password, salt); got != string(want) {
			t.Errorf("%q:\ngot  %s\nwant %s", password, got, want)
		}
	}
}

// As printed by: openssl passwd -5 -salt saltstring "Hello world!"
func TestTheDigestIsSHACryptsOwn(t *testing.T) {
	const want = "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"
	if got := sha256Crypt([]byte("Hello world!"), []byte("saltstring")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNoTwoSaltsAreTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		salt := newSalt()
		if len(salt) != 20 || seen[salt] || strings.Trim(salt, cryptAlphabet) != "" {
			t.Fatalf("got %q", salt)
		}
		seen[salt] = true
	}
}
