package main

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/internal/planned"
)

// priced runs the program for all examples once.
var priced = sync.OnceValues(func() (all []bill, err error) {
	_, usage, err := load()
	if err != nil {
		return nil, err
	}
	return bills("../..", usage)
})

func allBills(t *testing.T) []bill {
	t.Helper()
	all, err := priced()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDocumentationHoldsWhatTheCommandPrintsNow(t *testing.T) {
	prices, usage, err := load()
	if err != nil {
		t.Fatal(err)
	}
	all := allBills(t)
	tables, err := page(prices, usage, all)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"docs/cost.md": tables, "README.md": summary(prices, all)} {
		there, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if want, err := between(string(there), text); err != nil || want != string(there) {
			t.Errorf("%s is out of date (%v): run go generate ./...", name, err)
		}
	}
}

func TestEveryPriceHasAUnitABasisAndASource(t *testing.T) {
	prices, _, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range prices.Prices {
		if p.USD <= 0 || p.What == "" || p.Unit == "" || !strings.HasPrefix(p.Source, "http") ||
			!slices.Contains([]string{"AWS", "secondary", "unread"}, p.Basis) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestEveryQuantityHasAPriceAndEveryFigureIsUsed(t *testing.T) {
	prices, usage, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range allBills(t) {
		for _, quantities := range []map[string]float64{b.rest, b.million} {
			for name, quantity := range quantities {
				if _, ok := prices.Prices[name]; !ok || quantity <= 0 || math.IsInf(quantity, 0) || math.IsNaN(quantity) {
					t.Errorf("%s: %v of %s", b.name, quantity, name)
				}
			}
		}
	}
	made, err := planned.Resources("../..", map[string]string{"outbox": "true"}) // everything that a figure is for
	if err != nil {
		t.Fatal(err)
	}
	rest, err := atRest(made, usage)
	if err != nil {
		t.Fatal(err)
	}
	for name := range usage {
		without := maps.Clone(usage)
		without[name] = figure{Value: usage[name].Value * 2}
		changed, err := atRest(made, without)
		if err != nil {
			t.Fatal(err)
		}
		if maps.Equal(changed, rest) && maps.Equal(perMillion(made, without), perMillion(made, usage)) {
			t.Errorf("%s changes nothing", name)
		}
	}
}

func TestResourceWithoutAPriceIsAnError(t *testing.T) {
	_, err := atRest(stack{{Token: "aws:ec2/natGateway:NatGateway", Name: "way-out", Custom: true}}, nil)
	if err == nil || !strings.Contains(err.Error(), "way-out is a aws:ec2/natGateway:NatGateway, which has no price") {
		t.Errorf("got %v", err)
	}
}

func TestQuantitiesFollowTheProgram(t *testing.T) {
	quantities := func(changes map[string]string) map[string]float64 {
		t.Helper()
		made, err := planned.Resources("../..", changes)
		if err != nil {
			t.Fatal(err)
		}
		rest, err := atRest(made, map[string]figure{"storageGB": {Value: 1}})
		if err != nil {
			t.Fatal(err)
		}
		return rest
	}
	dev := quantities(nil)
	for _, test := range []struct {
		changes map[string]string
		price   string
		ratio   float64
	}{
		{map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`}, "interface-endpoint", 1.5},
		{map[string]string{"readers": "3"}, "aurora-acu", 4},
		{map[string]string{"minCapacity": "0"}, "aurora-acu", 1}, // the proxy keeps it awake
		{map[string]string{"minCapacity": "2"}, "aurora-acu", 4},
		{map[string]string{"minCapacity": "2"}, "rds-proxy", 1},
		{map[string]string{"minCapacity": "4", "readers": "3"}, "rds-proxy", 2},
	} {
		if got := quantities(test.changes)[test.price] / dev[test.price]; got != test.ratio {
			t.Errorf("%v: %s is %v times dev's, want %v", test.changes, test.price, got, test.ratio)
		}
	}
	webhook := map[string]string{"channels": `["webhook"]`, "webhookAllowedHosts": `["hooks.example.com"]`}
	if got := quantities(webhook)["secret"]; got != dev["secret"]+1 {
		t.Errorf("%v secrets with the channel webhook, %v without", got, dev["secret"])
	}
}

func TestResourcesOfExternalAccessAndMonitoringArePriced(t *testing.T) {
	text := func(pairs ...string) resource.PropertyMap {
		return resource.NewPropertyMapFromMap(map[string]any{pairs[0]: pairs[1]})
	}
	template := text("instanceType", "t4g.micro")
	template["blockDeviceMappings"] = resource.NewPropertyValue([]any{map[string]any{"ebs": map[string]any{"volumeSize": 8.0}}})
	group := resource.PropertyMap{"desiredCapacity": resource.NewNumberProperty(2),
		"launchTemplate": resource.NewPropertyValue(map[string]any{"id": "t-id"})}
	public := resource.PropertyMap{"internal": resource.NewBoolProperty(false), "subnets": resource.NewPropertyValue([]any{"a", "b"})}
	expression := resource.PropertyMap{"metricQueries": resource.NewPropertyValue([]any{
		map[string]any{"id": "a", "metric": map[string]any{"metricName": "x"}}, map[string]any{"id": "b", "metric": map[string]any{"metricName": "y"}},
		map[string]any{"id": "c", "expression": "a/b"}})}
	one := func(token, name string, inputs resource.PropertyMap) planned.Resource {
		return planned.Resource{Token: token, Name: name, Custom: true, Inputs: inputs}
	}
	got, err := atRest(stack{
		one("aws:ec2/launchTemplate:LaunchTemplate", "t", template), one("aws:autoscaling/group:Group", "g", group),
		one("aws:ec2/eip:Eip", "e", nil), one("aws:lb/loadBalancer:LoadBalancer", "n", public), one("aws:elb/loadBalancer:LoadBalancer", "c", public),
		one("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", text("vpcEndpointType", "Gateway")),
		one("aws:cloudwatch/metricAlarm:MetricAlarm", "one", text("metricName", "x")), one("aws:cloudwatch/metricAlarm:MetricAlarm", "two", expression),
		one("aws:cloudwatch/dashboard:Dashboard", "d", nil), one("aws:cloudwatch/logMetricFilter:LogMetricFilter", "f", nil),
	}, nil)
	want := map[string]float64{"t4g.micro": 2 * 730, "gp3": 16, "public-ipv4": 5 * 730, "nlb": 730, "clb": 730, "alarm": 3, "dashboard": 1, "custom-metric": 1}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

func TestTwoLargestItemsAreThoseThatThePageExplains(t *testing.T) {
	prices, _, err := load()
	if err != nil {
		t.Fatal(err)
	}
	dev := allBills(t)[0]
	items := sorted(dev.rest)
	slices.SortFunc(items, func(a, b string) int {
		return int(math.Copysign(1, dev.rest[b]*prices.Prices[b].USD-dev.rest[a]*prices.Prices[a].USD))
	})
	page, err := os.ReadFile("../../docs/cost.md")
	if err != nil {
		t.Fatal(err)
	}
	// The cluster is what the stack is for; the proxy and the endpoint are what could be turned off.
	for _, name := range []string{"rds-proxy", "interface-endpoint"} {
		if !slices.Contains(items[:3], name) {
			t.Errorf("%s is none of the three largest items of dev: %v", name, items)
		}
		if sum := fmt.Sprintf("%.2f USD", dev.rest[name]*prices.Prices[name].USD); !strings.Contains(string(page), sum) {
			t.Errorf("the page does not explain %s for %s", sum, name)
		}
	}
}
