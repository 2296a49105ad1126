package dbuser

import (
	"crypto/sha256"
	"strings"
)

const (
	cryptAlphabet  = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sha2SaltLength = 20 // MySQL's; crypt's own, and with it the libraries for it, end at 16
	sha2Rounds     = 5000
)

// sha2Hash is what the plugin caching_sha2_password keeps of a password: $A$, the rounds in thousands, $, a salt of 20
// characters and the digest of SHA-crypt with SHA-256.
// https://dev.mysql.com/doc/refman/8.4/en/caching-sha2-pluggable-authentication.html
// https://www.akkadia.org/drepper/SHA-crypt.txt, with the numbers of its steps below
func sha2Hash(password, salt string) string {
	return "$A$005$" + salt + sha256Crypt([]byte(password), []byte(salt))
}

func sha256Crypt(password, salt []byte) string {
	b := digest(password, salt, password) // 4 to 8
	h := append(append([]byte{}, password...), salt...)
	h = append(h, repeated(b, len(password))...) // 9, 10
	for n := len(password); n > 0; n >>= 1 {     // 11
		if n&1 == 1 {
			h = append(h, b...)
		} else {
			h = append(h, password...)
		}
	}
	a := digest(h)                                                                                // 12
	p := repeated(digest([]byte(strings.Repeat(string(password), len(password)))), len(password)) // 13 to 16
	s := repeated(digest([]byte(strings.Repeat(string(salt), 16+int(a[0])))), len(salt))          // 17 to 20
	for round := range sha2Rounds {                                                               // 21
		parts := [][]byte{a, nil, nil, p}
		if round%2 == 1 {
			parts[0], parts[3] = p, a
		}
		if round%3 != 0 {
			parts[1] = s
		}
		if round%7 != 0 {
			parts[2] = p
		}
		a = digest(parts...)
	}
	var text []byte // 22: three bytes at a time, in an order of their own, are four characters, the lowest bits first
	for i, from := 0, [3]int{0, 10, 20}; i < 10; i++ {
		text = encode(text, a[from[0]], a[from[1]], a[from[2]], 4)
		from = [3]int{(from[2] + 1) % 30, (from[0] + 1) % 30, (from[1] + 1) % 30}
	}
	return string(encode(text, 0, a[31], a[30], 3))
}

// digest is SHA-256 of all parts one after the other.
func digest(parts ...[]byte) []byte {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write(part)
	}
	return hash.Sum(nil)
}

// repeated is the first length bytes of a block that is repeated.
func repeated(block []byte, length int) []byte {
	var all []byte
	for len(all) < length {
		all = append(all, block...)
	}
	return all[:length]
}

// encode appends n characters of 6 bits each, the lowest first.
func encode(text []byte, high, middle, low byte, n int) []byte {
	for bits := uint(high)<<16 | uint(middle)<<8 | uint(low); n > 0; n-- {
		text, bits = append(text, cryptAlphabet[bits&0x3f]), bits>>6
	}
	return text
}
