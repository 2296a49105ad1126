// Command refresh reads AWS's bundle of RDS certificates and writes what the functions trust of it: every region's
// current roots, without those of beta and preview services, sorted, so that a new bundle is a small change.
package main

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		err = write(os.Stdout, text, time.Now())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(to io.Writer, bundle []byte, now time.Time) error {
	var roots []*x509.Certificate
	regional := regexp.MustCompile(`^Amazon RDS [a-z]{2}-[a-z-]+-\d Root CA \w+ G\d$`)
	for block, rest := pem.Decode(bundle); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return err
		}
		signed := root.CheckSignatureFrom(root) == nil
		if signed && now.Before(root.NotAfter) && regional.MatchString(root.Subject.CommonName) {
			roots = append(roots, root)
		}
	}
	slices.SortFunc(roots, func(a, b *x509.Certificate) int {
		return cmp.Or(cmp.Compare(a.Subject.CommonName, b.Subject.CommonName), bytes.Compare(a.Raw, b.Raw))
	})
	roots = slices.CompactFunc(roots, (*x509.Certificate).Equal)
	for _, root := range roots {
		if _, err := fmt.Fprintf(to, "# %s, until %s\n", root.Subject.CommonName, root.NotAfter.Format(time.DateOnly)); err != nil {
			return err
		}
		if err := pem.Encode(to, &pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}); err != nil {
			return err
		}
	}
	return nil
}
