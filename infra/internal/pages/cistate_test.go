package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lifetest"
)

// TestPreviewReadsTheStateOfItsOneStackAsTheRoleMay previews with its state in S3, and compares what is asked of the bucket with
// the policy on the CI page.
func TestPreviewReadsTheStateOfItsOneStackAsTheRoleMay(t *testing.T) {
	aws, backend := lifetest.OwnAWS(t), t.TempDir()
	e := lifetest.NewEngine(t, backend, "ci")
	send := func(key, content string) { lifetest.Ask(t, http.MethodPut, aws+"/bucket"+key, "s3", "", "", content) }
	send("", "")
	for _, key := range []string{"/.pulumi/meta.yaml", "/.pulumi/stacks/" + infratest.Project + "/ci.json"} {
		content, err := os.ReadFile(filepath.Join(backend, key))
		if err != nil {
			t.Fatal(err)
		}
		send(key, string(content))
	}
	target, err := url.Parse(aws)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	through := lifetest.LocalKeys(t).Proxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/bucket") {
			asked[r.Method+" "+r.URL.Path] = true
		}
		through.ServeHTTP(w, r)
	}))
	defer front.Close()
	e.Environment = append(e.Environment,
		"PULUMI_BACKEND_URL=s3://bucket?region=us-east-1&s3ForcePathStyle=true&endpoint="+front.URL)
	if out := e.Pulumi("preview"); !strings.Contains(out, " to create") {
		t.Errorf("the preview found no state:\n%s", out)
	}

	allowed := previewRole(t)
	used := map[string]bool{}
	for request := range asked {
		method, name, _ := strings.Cut(request, " ")
		action := "s3:GetObject"
		if name == "/bucket" || name == "/bucket/" {
			action, name = "s3:ListBucket", "/bucket"
		}
		granted := slices.ContainsFunc(allowed[action], func(pattern string) bool {
			ok, err := path.Match(pattern, name)
			used[pattern] = used[pattern] || ok
			return ok && err == nil
		})
		if (method != http.MethodGet && method != http.MethodHead) || !granted {
			t.Errorf("the role may not: %s", request)
		}
	}
	for _, pattern := range slices.Concat(allowed["s3:GetObject"], allowed["s3:ListBucket"]) {
		if !used[pattern] {
			t.Errorf("a preview does not need %s", pattern)
		}
	}
}
