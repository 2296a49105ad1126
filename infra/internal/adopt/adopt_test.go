package adopt

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// state is an exported state with one subnet and the pending operations.
func state(t *testing.T, pending ...map[string]any) []byte {
	t.Helper()
	exported, err := json.Marshal(map[string]any{"version": 3, "deployment": map[string]any{
		"resources": []any{map[string]any{
			"urn": "urn:pulumi:s::p::aws:ec2/subnet:Subnet::first", "type": "aws:ec2/subnet:Subnet", "id": "subnet-1"}},
		"pending_operations": pending,
		"metadata":           map[string]any{"big": json.Number("12345678901234567890")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return exported
}

func creating(kind, name string, inputs map[string]any) map[string]any {
	return map[string]any{"type": "creating", "resource": map[string]any{
		"urn": "urn:pulumi:s::p::" + kind + "::" + name, "type": kind, "inputs": inputs}}
}

// nobody answers no question.
func nobody(words []string) ([]string, error) { return nil, errors.New(strings.Join(words, " ")) }

// ids are the resources of a state, by the end of their URN.
func ids(t *testing.T, changed []byte) (map[string]string, string) {
	t.Helper()
	var s struct {
		Deployment struct {
			Resources []struct {
				URN, ID         string
				Inputs, Outputs map[string]any
			}
			Pending  []any `json:"pending_operations"`
			Metadata json.RawMessage
		}
	}
	if err := json.Unmarshal(changed, &s); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range s.Deployment.Resources {
		all[r.URN[strings.LastIndex(r.URN, ":")+1:]] = r.ID
		if !maps.EqualFunc(r.Inputs, r.Outputs, func(a, b any) bool { return a == b }) {
			t.Errorf("%s: outputs %v", r.URN, r.Outputs)
		}
	}
	if len(s.Deployment.Pending) > 0 {
		all["pending"] = "yes"
	}
	return all, string(s.Deployment.Metadata)
}

func TestAPendingCreationIsAdoptedByItsName(t *testing.T) {
	exported := state(t, creating("aws:rds/cluster:Cluster", "cluster", map[string]any{"clusterIdentifier": "c-1"}),
		creating("aws:rds/proxyTarget:ProxyTarget", "target", map[string]any{
			"dbProxyName": "p", "targetGroupName": "default", "dbClusterIdentifier": "c-1"}))
	changed, found, err := Pending(exported, nil, nobody)
	if err != nil {
		t.Fatal(err)
	}
	all, metadata := ids(t, changed)
	want := map[string]string{"first": "subnet-1", "cluster": "c-1", "target": "p/default/TRACKED_CLUSTER/c-1"}
	if !maps.Equal(all, want) {
		t.Errorf("got %v, want %v", all, want)
	}
	if !slices.Equal(found, []Finding{{Name: "cluster", ID: "c-1"}, {Name: "target", ID: "p/default/TRACKED_CLUSTER/c-1"}}) {
		t.Errorf("found %v", found)
	}
	if !strings.Contains(metadata, "12345678901234567890") {
		t.Errorf("a number changed: %s", metadata)
	}
}

func TestWhatHasNoNameIsAskedForAndWhatTheStateHoldsIsNotIt(t *testing.T) {
	exported := state(t, creating("aws:ec2/subnet:Subnet", "second", map[string]any{"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"}))
	for _, c := range []struct {
		answer []string
		want   string
	}{
		{[]string{"subnet-1", "subnet-2"}, "subnet-2"},
		{[]string{"subnet-1"}, ""},
		{[]string{"None"}, ""},
		{nil, ""},
	} {
		changed, found, err := Pending(exported, nil, func(words []string) ([]string, error) {
			if got := strings.Join(words, " "); got != "ec2 describe-subnets --filters Name=vpc-id,Values=vpc-1 Name=cidr-block,Values=10.0.0.0/24 --query Subnets[].SubnetId" {
				t.Errorf("asked %s", got)
			}
			return c.answer, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all, _ := ids(t, changed)
		if all["second"] != c.want || all["pending"] != "" || !slices.Equal(found, []Finding{{Name: "second", ID: c.want}}) {
			t.Errorf("%v: got %v, found %v", c.answer, all, found)
		}
	}
}

func TestWhatCannotBeIdentifiedChangesNothingAndIsNamed(t *testing.T) {
	subnet := creating("aws:ec2/subnet:Subnet", "second", map[string]any{"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"})
	two := func([]string) ([]string, error) { return []string{"subnet-2", "subnet-3"}, nil }
	replacement := creating("aws:ec2/subnet:Subnet", "first", map[string]any{"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"})
	for name, c := range map[string]struct {
		pending map[string]any
		ask     Ask
		want    string
	}{
		"two candidates":        {subnet, two, "second: one of subnet-2, subnet-3; name it: `go run ./infra/recover second=ID`"},
		"no answer":             {subnet, nobody, "second: ec2 describe-subnets"},
		"unknown type":          {creating("aws:s3/bucket:Bucket", "b", nil), nobody, "b: nobody knows how to find a aws:s3/bucket:Bucket"},
		"missing input":         {creating("aws:rds/cluster:Cluster", "c", map[string]any{}), nobody, "its input clusterIdentifier is missing"},
		"input of another kind": {creating("aws:rds/cluster:Cluster", "c", map[string]any{"clusterIdentifier": []any{"c"}}), nobody, "its input clusterIdentifier is no text"},
		"replacement":           {replacement, func([]string) ([]string, error) { return []string{"subnet-9"}, nil }, "first: subnet-9 was to replace"},
	} {
		changed, _, err := Pending(state(t, c.pending), nil, c.ask)
		if err == nil || !strings.Contains(err.Error(), c.want) || changed != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	changed, _, err := Pending(state(t, subnet), map[string]string{"second": "subnet-3"}, nobody)
	if err != nil {
		t.Fatal(err)
	}
	if all, _ := ids(t, changed); all["second"] != "subnet-3" {
		t.Errorf("given by hand: %v", all)
	}
}

func TestOperationsThatAreNoCreationsStay(t *testing.T) {
	update := creating("aws:rds/cluster:Cluster", "cluster", map[string]any{"clusterIdentifier": "c"})
	update["type"] = "updating"
	changed, found, err := Pending(state(t, update), nil, nobody)
	if err != nil || len(found) != 0 {
		t.Fatal(found, err)
	}
	if all, _ := ids(t, changed); all["pending"] == "" || all["cluster"] != "" {
		t.Errorf("got %v", all)
	}
}
