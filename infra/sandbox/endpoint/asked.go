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

// AskedPath is where the endpoint answers with what the deployer has needed so far: JSON, a list of authorization.Need.
const AskedPath = "/asked"

// account is moto's only one.
const account = "123456789012"

// asked keeps what Pulumi's AWS provider has asked for, each need once. Others, such as the tests themselves and what was
// deployed, are not the deployer.
type asked struct {
	mu    sync.Mutex
	needs map[authorization.Need]bool
}

func newAsked() *asked { return &asked{needs: map[authorization.Need]bool{}} }

func (a *asked) add(agent, region string, call *wire.Call) {
	if !strings.Contains(agent, "terraform-provider-aws") {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, need := range authorization.Of(call, authorization.Place{Partition: "aws", Region: region, Account: account}) {
		a.needs[need] = true
	}
}

// ServeHTTP answers with all of it, in order. DELETE forgets it afterwards: what comes next is somebody else's.
func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	all := make([]authorization.Need, 0, len(a.needs))
	for need := range a.needs {
		all = append(all, need)
	}
	if r.Method == http.MethodDelete {
		clear(a.needs)
	}
	a.mu.Unlock()
	slices.SortFunc(all, func(a, b authorization.Need) int {
		return strings.Compare(a.Action+" "+a.Resource, b.Action+" "+b.Resource)
	})
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(all)
}
