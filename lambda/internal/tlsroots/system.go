// Package tlsroots reads the certificate authorities that a function trusts while the function starts, and holds the roots
// that Amazon RDS signs its servers' certificates with.
package tlsroots

import (
	"crypto/x509"
	"os"
)

// Bundles are the files in which systems keep all their authorities, as crypto/x509 looks for them: Lambda's own
// system, Amazon Linux 2023, has the second.
var Bundles = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}

// Load begins to read the system's authorities, and returns at once; the first TLS handshake waits for the rest.
// Left to itself Go reads them in that handshake instead, on the share of a processor that the function's memory buys:
// an entire one comes with 1,769 MB, https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html. And it reads
// them twice on Amazon Linux 2023, from the bundle and from 143 other files, which makes a first handshake twice as
// slow: https://go.dev/issue/79018.
//
// SSL_CERT_FILE and SSL_CERT_DIR, which everything in Go heeds, are heeded here too.
func Load() {
	if directories := skip(os.Getenv); directories != "" {
		os.Setenv("SSL_CERT_DIR", directories)
	}
	go x509.SystemCertPool() // it keeps what it has read, and its error, for whoever asks next
}

// skip is a value of SSL_CERT_DIR that spares the reading of the directories, or empty if they are wanted.
func skip(getenv func(string) string) string {
	if getenv("SSL_CERT_DIR") != "" {
		return ""
	}
	candidates := Bundles
	if file := getenv("SSL_CERT_FILE"); file != "" {
		candidates = []string{file}
	}
	for _, file := range candidates {
		if info, err := os.Stat(file); err == nil {
			if info.Mode().IsRegular() && info.Size() > 0 {
				return os.DevNull // holds no files
			}
			return ""
		}
	}
	return ""
}
