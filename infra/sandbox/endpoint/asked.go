package endpoint

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// AskedPath is where the endpoint answers with what the deployer has needed so far: JSON, a list of authorization.Need. The
// query's AskedAs is the product in the user agent of those requests that count.
const (
	AskedPath = "/asked"
	AskedAs   = "as"
)

// account is moto's only one.
const account = "123456789012"

// asked keeps what Pulumi's AWS provider has asked for, each need of a user agent once. Others, such as the tests themselves and
// what was deployed, are not the deployer.
type asked struct {
	mu    sync.Mutex
	needs map[string]map[authorization.Need]bool // by user agent
}

func newAsked() *asked { return &asked{needs: map[string]map[authorization.Need]bool{}} }

func (a *asked) add(agent, region string, call *wire.Call) {
	if !strings.Contains(agent, "terraform-provider-aws") {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.needs[agent] == nil {
		a.needs[agent] = map[authorization.Need]bool{}
	}
	for _, need := range authorization.Of(call, authorization.Place{Partition: "aws", Region: region, Account: account}) {
		a.needs[agent][need] = true
	}
}

// ServeHTTP answers in order.
func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	as, all := r.URL.Query().Get(AskedAs), []authorization.Need{}
	a.mu.Lock()
	for agent, needs := range a.needs {
		if as != "" && !slices.Contains(strings.Fields(agent), as) {
			continue
		}
		for need := range needs {
			all = append(all, need)
		}
	}
	a.mu.Unlock()
	slices.SortFunc(all, authorization.Need.Compare)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(slices.Compact(all))
}
