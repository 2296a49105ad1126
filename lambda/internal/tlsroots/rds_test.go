package tlsroots

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func certificates(t *testing.T) map[string]*x509.Certificate {
	t.Helper()
	found := map[string]*x509.Certificate{}
	for block, rest := pem.Decode(bundle); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		found[certificate.Subject.CommonName] = certificate
	}
	if len(found) == 0 {
		t.Fatal("no certificate in the bundle")
	}
	return found
}

func TestTheBundleIsOfRootsThatWillHoldForYears(t *testing.T) {
	regional := regexp.MustCompile(`^Amazon RDS [a-z]{2}-[a-z-]+-\d Root CA (RSA2048|RSA4096|ECC384) G1$`)
	for name, root := range certificates(t) {
		if err := root.CheckSignatureFrom(root); err != nil || !root.IsCA {
			t.Errorf("%s is no root: CA %t, %v", name, root.IsCA, err)
		}
		if left := time.Until(root.NotAfter); left < 5*365*24*time.Hour || time.Now().Before(root.NotBefore) {
			t.Errorf("%s is good from %s to %s", name, root.NotBefore, root.NotAfter)
		}
		if !regional.MatchString(name) {
			t.Errorf("%s is not the root of a region", name)
		}
	}
}

func TestEveryRegionHasItsThreeRoots(t *testing.T) {
	found := certificates(t)
	regions := map[string]bool{}
	for name := range found {
		regions[strings.Fields(name)[2]] = true
	}
	for _, region := range []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
		"eu-central-1", "eu-north-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-south-1",
	} {
		regions[region] = true
	}
	for region := range regions {
		for _, kind := range []string{"RSA2048", "RSA4096", "ECC384"} {
			if found["Amazon RDS "+region+" Root CA "+kind+" G1"] == nil {
				t.Errorf("%s has no root of kind %s", region, kind)
			}
		}
	}
}

func TestTheSystemsRootsAreTrustedInAdditionToThoseOfRDS(t *testing.T) {
	if os.Getenv("RDSCA_TEST_CHILD") == "" {
		// The roots are read once a process, so that another one is needed to see SSL_CERT_FILE heeded.
		server := mysqltest.Start(t, mysqltest.Embedded())
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		child.Env = append(os.Environ(), "SSL_CERT_FILE="+server.CAFile, "RDSCA_TEST_CHILD=yes")
		out, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	roots, err := Roots()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(os.Getenv("SSL_CERT_FILE"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	system, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	of := certificates(t)
	for _, root := range []*x509.Certificate{system, of["Amazon RDS us-east-1 Root CA RSA2048 G1"]} {
		options := x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		if _, err := root.Verify(options); err != nil {
			t.Errorf("%s: %v", root.Subject, err)
		}
	}
}
