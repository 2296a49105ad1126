package infratest

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Longest is the slowest way through the graph of what waits for what, the first step first.
func (s *Mock) Longest(t *testing.T, next func(*Resource) []*Resource, seconds func(*Resource) int) []string {
	t.Helper()
	type way struct {
		seconds int
		names   []string
	}
	ways := map[*Resource]way{}
	var from func(*Resource) way
	from = func(r *Resource) way {
		if known, ok := ways[r]; ok {
			return known
		}
		best := way{}
		for _, other := range next(r) {
			if w := from(other); w.seconds > best.seconds {
				best = w
			}
		}
		w := way{best.seconds + seconds(r), append(slices.Clone(best.names), r.Name)}
		ways[r] = w
		return w
	}
	best := way{}
	for _, r := range s.Resources {
		if w := from(r); w.seconds > best.seconds {
			best = w
		}
	}
	t.Logf("%d s: %s", best.seconds, strings.Join(best.names, ", "))
	return best.names
}

// Needs are the custom resources that each one waits for directly.
func (s *Mock) Needs() map[*Resource][]*Resource {
	all := map[*Resource][]*Resource{}
	for _, r := range s.Resources {
		for _, urn := range r.Request.GetDependencies() {
			for _, other := range s.Resources {
				if other.Name == resource.URN(urn).Name() && other.Token == string(resource.URN(urn).Type()) {
					all[r] = append(all[r], other)
				}
			}
		}
	}
	return all
}
