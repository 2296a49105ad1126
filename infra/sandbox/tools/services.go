package tools

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// services are the AWS services that the plugin keeps: those of the resources in toolchain/providers/aws/tokens.go and
// what they import.
var services = strings.Fields(`autoscaling cloudwatch ec2 elb elbv2 events iam kms lambda logs meta
	organizations rds resourcegroups resourcegroupstaggingapi s3 s3control scheduler secretsmanager sns sqs ssm sts`)

var (
	serviceImport  = regexp.MustCompile(`internal/service/([a-z0-9]+)"`)
	servicePackage = regexp.MustCompile(`^\s+([a-z0-9]+)\.ServicePackage\(ctx\),`)
	clientMethod   = regexp.MustCompile(`(?s)func \(c \*AWSClient\) (\w+)\(ctx context\.Context\) \*(\w+)\.Client \{.*?\n\}\n`)
	clientCall     = regexp.MustCompile(`\.(\w+Client)\(ctx`)
	sdkImport      = regexp.MustCompile(`^\s+(?:(\w+) )?"github.com/aws/aws-sdk-go-v2/service/([a-z0-9]+)"`)
)

// keepServices cuts the generated lists of the AWS provider down: of its services to the kept ones, and of the clients
// of AWS's APIs to those that are called by what is left.
func keepServices(folder string, keep []string) error {
	kept := map[string]bool{}
	for _, service := range keep {
		kept[service] = true
	}
	err := filterLines(filepath.Join(folder, "internal/provider/sdkv2/service_packages_gen.go"), func(line string) bool {
		for _, of := range []*regexp.Regexp{serviceImport, servicePackage} {
			if match := of.FindStringSubmatch(line); match != nil {
				return kept[match[1]]
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	clients := filepath.Join(folder, "internal/conns/awsclient_gen.go")
	called, err := clientsCalled(filepath.Join(folder, "internal"), clients)
	if err != nil {
		return err
	}
	code, err := os.ReadFile(clients)
	if err != nil {
		return err
	}
	packages := map[string]bool{}
	rest := clientMethod.ReplaceAllStringFunc(string(code), func(method string) string {
		match := clientMethod.FindStringSubmatch(method)
		if !called[match[1]] {
			return ""
		}
		packages[match[2]] = true
		return method
	})
	if err := os.WriteFile(clients, []byte(rest), 0o644); err != nil {
		return err
	}
	return filterLines(clients, func(line string) bool {
		match := sdkImport.FindStringSubmatch(line)
		if match == nil {
			return true
		}
		if match[1] != "" { // under a name of its own
			return packages[match[1]]
		}
		return packages[match[2]]
	})
}

// clientsCalled are the client methods that the code below a folder calls, but for the file that defines them.
func clientsCalled(folder, definitions string) (map[string]bool, error) {
	called := map[string]bool{}
	return called, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || path == definitions {
			return err
		}
		code, err := os.ReadFile(path)
		for _, match := range clientCall.FindAllSubmatch(code, -1) {
			called[string(match[1])] = true
		}
		return err
	})
}

func filterLines(path string, keep func(line string) bool) error {
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var kept []string
	for line := range strings.SplitSeq(string(code), "\n") {
		if keep(line) {
			kept = append(kept, line)
		}
	}
	return os.WriteFile(path, []byte(strings.Join(kept, "\n")), 0o644)
}
