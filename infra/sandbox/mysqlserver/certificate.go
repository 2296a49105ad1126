package mysqlserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Certificate is a server's certificate and the authority that signed it, with their PEM files.
type Certificate struct {
	Pair                      tls.Certificate
	Roots                     *x509.CertPool
	CAFile, CertFile, KeyFile string
}

// NewCertificate makes a certificate for hosts, which are names and addresses, good for a year, and puts its files
// into a folder.
func NewCertificate(dir string, hosts ...string) (*Certificate, error) {
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "local MySQL authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "local MySQL"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, address)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	c := &Certificate{
		Roots:  x509.NewCertPool(),
		CAFile: filepath.Join(dir, "ca.pem"), CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem"),
	}
	caPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER})
	leafPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leafDER})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
	c.Roots.AppendCertsFromPEM(caPEM)
	if c.Pair, err = tls.X509KeyPair(leafPEM, keyPEM); err != nil {
		return nil, err
	}
	for file, text := range map[string][]byte{c.CAFile: caPEM, c.CertFile: leafPEM, c.KeyFile: keyPEM} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// CopyTo puts the files into another folder, which may become another user's alone.
func (c *Certificate) CopyTo(dir string) (*Certificate, error) {
	own := *c
	for _, file := range []*string{&own.CAFile, &own.CertFile, &own.KeyFile} {
		text, err := os.ReadFile(*file)
		if err != nil {
			return nil, err
		}
		*file = filepath.Join(dir, filepath.Base(*file))
		if err := os.WriteFile(*file, text, 0o600); err != nil {
			return nil, err
		}
	}
	return &own, nil
}
