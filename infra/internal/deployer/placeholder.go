package deployer

import (
	"regexp"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

// Life is what the names in a life of a stack are, for which placeholders stand.
type Life struct {
	Account, Region string
	Prefix          string // namePrefix; "": names do not show whose they are
	Path            string // iamPath
	Database        string // the identifier of the existing one
	AdminSecret     string // ARN
}

// id is what ends with an id that AWS gives, or with the processor for which AWS's own parameter is.
var id = regexp.MustCompile(`(:key/|:db-proxy:|:target-group:|:parameter/aws/service/[^/]+/).*$`)

// layer is a version of the extension, which AWS has in an account of its own for each region.
var layer = regexp.MustCompile(`:layer:AWS-Parameters-and-Secrets-Lambda-Extension[A-Za-z0-9-]*:\d+$`)

// Placeholders writes needs as the policy does: account, region and names by their placeholders, and ids, which nobody knows
// before AWS gives them, as any.
func (l Life) Placeholders(needs []authorization.Need) (all []authorization.Need) {
	for _, need := range needs {
		need.Resource = l.placeholder(need.Resource)
		all = append(all, need)
	}
	slices.SortFunc(all, authorization.Need.Compare)
	return slices.Compact(all)
}

func (l Life) placeholder(resource string) string {
	if l.AdminSecret != "" && resource == l.AdminSecret {
		return "arn:aws:secretsmanager:" + Region + ":" + Account + ":secret:" + AdminSecret + "-*"
	}
	resource = strings.ReplaceAll(strings.ReplaceAll(resource, l.Account, Account), ":"+l.Region+":", ":"+Region+":")
	if strings.Contains(resource, ":iam:") { // with or without the path: only what makes a thing says it
		_, rest, _ := strings.Cut(resource, Account+":")
		kind, name, _ := strings.Cut(rest, "/")
		name = strings.TrimPrefix(name, strings.TrimPrefix(l.Path, "/"))
		resource = "arn:aws:iam::" + Account + ":" + kind + Path + name
	}
	if layer.MatchString(resource) {
		return "arn:aws:lambda:" + Region + ":*:layer:AWS-Parameters-and-Secrets-Lambda-Extension*"
	}
	resource = id.ReplaceAllString(resource, "${1}*")
	if l.Database != "" {
		for _, kind := range []string{":cluster:", ":db:"} {
			if strings.HasSuffix(resource, kind+l.Database) {
				return strings.TrimSuffix(resource, l.Database) + Database
			}
		}
	}
	if before, _, found := strings.Cut(resource, l.Prefix); l.Prefix != "" && found {
		return before + Prefix + "*"
	}
	return resource
}
