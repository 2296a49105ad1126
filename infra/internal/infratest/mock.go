package infratest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"scheduled-messages/infra"
	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/planned"
)

// Project is the name in Pulumi.yaml.
const Project = "scheduled-messages"

// Password stands for every password that random makes.
const Password = planned.Password

// GroupCreated is when every schedule group is made.
const GroupCreated = planned.GroupCreated

// Resource is one resource as the program registered it.
type Resource struct {
	planned.Resource
	Request *pulumirpc.RegisterResourceRequest
}

// Mock is the engine and AWS: it records what is registered and fills in the outputs that the program reads.
type Mock struct {
	Stack   string
	Preview bool                // outputs of custom resources are unknown
	Fail    string              // the name of the custom resource that cannot be made, or the token of the call that is refused
	Zones   []ZoneOf            // the region's; nil: six
	Site    Site                // what is there before the stack
	Served  map[string][]string // the zones of a service, by its name; all zones of one that is not in it

	mu        sync.Mutex
	Resources []*Resource
	Calls     []pulumi.MockCallArgs
}

// NewResource records a resource and fills its outputs.
func (s *Mock) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if args.TypeToken != "pulumi:pulumi:Stack" {
		s.Resources = append(s.Resources, &Resource{planned.Registered(args), args.RegisterRPC})
	}
	if s.Fail != "" && args.Custom && args.Name == s.Fail {
		return "", nil, errors.New("refused by the test")
	}
	outputs := args.Inputs.Copy()
	if s.Preview {
		// These are known all the same, since the SDK's mock monitor cannot read a secret that is unknown. The engine's
		// own preview is TestPreviewPassesWithoutAnAccount.
		switch args.TypeToken {
		case "random:index/randomPassword:RandomPassword":
			outputs["result"] = resource.NewStringProperty(Password)
		case "aws:rds/cluster:Cluster":
			outputs["endpoint"] = resource.NewStringProperty("known.example.com")
		}
		return "", outputs, nil
	}
	id, computed := planned.Outputs(args, s.Stack)
	return id, computed, nil
}

// Call records a look-up and answers it.
func (s *Mock) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Calls = append(s.Calls, args)
	if s.Fail == args.Token {
		return nil, errors.New("refused by the test")
	}
	switch args.Token {
	case "aws:index/getAvailabilityZones:getAvailabilityZones":
		return resource.NewPropertyMapFromMap(s.zonesIn(args)), nil
	case "aws:ec2/getVpcEndpointService:getVpcEndpointService":
		return resource.NewPropertyMapFromMap(map[string]any{"availabilityZones": s.zonesOf(args.Args["service"].StringValue())}), nil
	case "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings":
		return resource.NewPropertyMapFromMap(map[string]any{"locations": s.zonesOf("t4g.micro")}), nil
	case "aws:ssm/getParameter:getParameter":
		return resource.NewPropertyMapFromMap(map[string]any{
			"value": "arn:aws:lambda:us-east-1:177933569100:layer:Extension:" + fmt.Sprint(len(args.Args["name"].StringValue()))}), nil
	}
	return s.Site.answer(args)
}

// Settings is the configuration of Pulumi.yaml with what a test changes.
func Settings(t testing.TB, changes map[string]string) map[string]string {
	t.Helper()
	loaded, err := workspace.LoadProject(module.Path("Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	config, err := planned.Defaults(loaded)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range changes {
		config[Project+":"+key] = value
	}
	return config
}

// Given are the keys that spare every look-up.
var Given = planned.Given

// With is changes and more of them; later ones win.
func With(changes map[string]string, more ...map[string]string) map[string]string {
	all := maps.Clone(changes)
	for _, m := range more {
		maps.Copy(all, m)
	}
	return all
}

// Run runs the program.
func Run(t testing.TB, s *Mock, config map[string]string) error {
	t.Helper()
	return RunWith(t, s, config, Built)
}

// RunWith runs the program with another builder of the functions.
func RunWith(t testing.TB, s *Mock, config map[string]string, build func(string, string) (map[string]build.Bundle, error)) error {
	t.Helper()
	if s.Stack == "" {
		s.Stack = "dev"
	}
	defer s.sort()
	return pulumi.RunErr(func(ctx *pulumi.Context) error { return infra.DeployWith(ctx, build) },
		pulumi.WithMocks(Project, s.Stack, s),
		func(info *pulumi.RunInfo) { info.Config, info.DryRun = config, s.Preview })
}

// sort takes the chance out of the order: the program registers its resources side by side.
func (s *Mock) sort() {
	slices.SortFunc(s.Resources, func(a, b *Resource) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Token, b.Token))
	})
}

// Built builds each architecture's functions once.
var Built = func() func(string, string) (map[string]build.Bundle, error) {
	var mu sync.Mutex
	done := map[string]map[string]build.Bundle{}
	return func(module, architecture string) (map[string]build.Bundle, error) {
		mu.Lock()
		defer mu.Unlock()
		if done[architecture] == nil {
			bundles, err := build.Functions(module, architecture)
			if err != nil {
				return nil, err
			}
			done[architecture] = bundles
		}
		return done[architecture], nil
	}
}()

// Deployed is what the program registers with the defaults and the changes.
func Deployed(t testing.TB, changes ...map[string]string) *Mock {
	t.Helper()
	s := &Mock{Site: NewSite()}
	all := With(Given, changes...)
	if all["vpcId"] != "" {
		delete(all, "zones") // which its subnets say
	}
	if err := Run(t, s, Settings(t, all)); err != nil {
		t.Fatal(err)
	}
	return s
}
