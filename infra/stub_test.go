package infra

import (
	"encoding/json"
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

	"scheduled-messages/infra/internal/build"
)

const project = "scheduled-messages"

// password stands for every password that random makes.
const password = "correct-horse-battery-staple"

// groupCreated is when the stub makes every schedule group.
const groupCreated = "2026-11-21T12:00:00Z"

// registered is one resource as the program registered it.
type registered struct {
	token, name string
	custom      bool
	inputs      resource.PropertyMap
	request     *pulumirpc.RegisterResourceRequest
}

// stub is the engine and AWS: it records what is registered and fills in the outputs that the program reads.
type stub struct {
	stack   string
	preview bool                // outputs of custom resources are unknown
	fail    string              // the name of the custom resource that cannot be made, or the token of the call that is refused
	zones   []zoneOf            // the region's; nil: six
	site    site                // what is there before the stack
	served  map[string][]string // the zones of a service, by its name; all zones of one that is not in it

	mu        sync.Mutex
	resources []*registered
	calls     []pulumi.MockCallArgs
}

func (s *stub) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if args.TypeToken != "pulumi:pulumi:Stack" {
		s.resources = append(s.resources, &registered{args.TypeToken, args.Name, args.Custom, args.Inputs, args.RegisterRPC})
	}
	if s.fail != "" && args.Custom && args.Name == s.fail {
		return "", nil, errors.New("refused by the test")
	}
	outputs := args.Inputs.Copy()
	if s.preview {
		// These are known all the same, since the SDK's mock monitor cannot read a secret that is unknown. The engine's
		// own preview is TestPreviewPassesWithoutAnAccount.
		switch args.TypeToken {
		case "random:index/randomPassword:RandomPassword":
			outputs["result"] = resource.NewStringProperty(password)
		case "aws:rds/cluster:Cluster":
			outputs["endpoint"] = resource.NewStringProperty("known.example.com")
		}
		return "", outputs, nil
	}
	id := args.Name + "-id"
	computed := map[string]string{"arn": "arn:aws:service:us-east-1:111122223333:" + args.Name}
	switch args.TypeToken {
	case "aws:secretsmanager/secretVersion:SecretVersion":
		computed["versionId"] = "first"
	case "aws:kms/key:Key":
		computed["keyId"] = id
	case "aws:rds/cluster:Cluster", "aws:rds/proxy:Proxy":
		computed["endpoint"] = args.Name + ".example.com"
	case "aws:ec2/vpcEndpoint:VpcEndpoint":
		computed["prefixListId"] = "pl-packages"
	case "aws:ec2/eip:Eip":
		computed["publicIp"] = "192.0.2.1"
	case "aws:lb/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer":
		computed["dnsName"], computed["arnSuffix"] = args.Name+".example.com", args.Name+"-1a2b3c4"
	case "aws:lb/targetGroup:TargetGroup":
		computed["arnSuffix"] = args.Name + "-1a2b3c4"
	case "aws:rds/clusterInstance:ClusterInstance":
		computed["identifier"] = args.Name
	case "aws:scheduler/scheduleGroup:ScheduleGroup":
		computed["creationDate"] = groupCreated
	case "aws:sqs/queue:Queue":
		computed["url"] = "https://sqs.example.com/" + args.Name
	case "random:index/randomId:RandomId":
		computed["hex"] = args.Inputs["prefix"].StringValue() + (fmt.Sprintf("%x", s.stack) + "00000")[:6]
	case "random:index/randomPassword:RandomPassword":
		computed["result"] = password
	}
	if _, named := outputs["name"]; !named {
		computed["name"] = args.Name + "-1a2b3c4" // Pulumi's own naming
	}
	if args.TypeToken == "aws:ec2/launchTemplate:LaunchTemplate" {
		outputs["latestVersion"] = resource.NewNumberProperty(7)
	}
	for key, value := range computed {
		outputs[resource.PropertyKey(key)] = resource.NewStringProperty(value)
	}
	if args.TypeToken == "random:index/randomPassword:RandomPassword" {
		outputs["result"] = resource.MakeSecret(outputs["result"])
	}
	return id, outputs, nil
}

func (s *stub) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, args)
	if s.fail == args.Token {
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
	return s.site.answer(args)
}

// settings is the configuration of Pulumi.yaml with what a test changes.
func settings(t testing.TB, changes map[string]string) map[string]string {
	t.Helper()
	loaded, err := workspace.LoadProject("../Pulumi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := map[string]string{"aws:region": "us-east-1"}
	for key, declared := range loaded.Config {
		switch value := declared.Default.(type) {
		case nil:
		case string:
			config[project+":"+key] = value
		default:
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			config[project+":"+key] = string(text)
		}
	}
	for key, value := range changes {
		config[project+":"+key] = value
	}
	return config
}

// given are the keys that spare every look-up.
var given = map[string]string{
	"zones":                    `["us-east-1a","us-east-1b"]`,
	"secretsExtensionLayerArn": "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:23",
}

func with(changes map[string]string, more ...map[string]string) map[string]string {
	all := maps.Clone(changes)
	for _, m := range more {
		maps.Copy(all, m)
	}
	return all
}

// run runs the program.
func run(t testing.TB, s *stub, config map[string]string) error {
	t.Helper()
	return runWith(t, s, config, built)
}

// runWith runs the program with another builder of the functions.
func runWith(t testing.TB, s *stub, config map[string]string, build func(string, string) (map[string]build.Bundle, error)) error {
	t.Helper()
	if s.stack == "" {
		s.stack = "dev"
	}
	return pulumi.RunErr(func(ctx *pulumi.Context) error { return deploy(ctx, build) },
		pulumi.WithMocks(project, s.stack, s),
		func(info *pulumi.RunInfo) { info.Config, info.DryRun = config, s.preview })
}

// built builds each architecture's functions once.
var built = func() func(string, string) (map[string]build.Bundle, error) {
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

// deployed is what the program registers with the defaults and the changes.
func deployed(t testing.TB, changes ...map[string]string) *stub {
	t.Helper()
	s := &stub{}
	if err := run(t, s, settings(t, with(given, changes...))); err != nil {
		t.Fatal(err)
	}
	return s
}

// of are the resources of a type, such as rds/cluster:Cluster; at least one.
func (s *stub) of(t testing.TB, token string) []*registered {
	t.Helper()
	var found []*registered
	for _, r := range s.resources {
		if strings.HasSuffix(r.token, ":"+token) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no %s was registered", token)
	}
	return found
}

// one is the custom resource with the name.
func (s *stub) one(t testing.TB, name string) *registered {
	t.Helper()
	for _, r := range s.resources {
		if r.custom && r.name == name {
			return r
		}
	}
	t.Fatalf("no resource %s was registered", name)
	return nil
}

// names are the custom resources' names, sorted.
func (s *stub) names() []string {
	var names []string
	for _, r := range s.resources {
		if r.custom {
			names = append(names, r.name)
		}
	}
	slices.Sort(names)
	return names
}

// waitsFor is all that a resource waits for, however far away, by name.
func (s *stub) waitsFor(r *registered) map[string]bool {
	all := map[string]bool{}
	var add func(*registered)
	add = func(r *registered) {
		for _, urn := range r.request.GetDependencies() {
			name, token := resource.URN(urn).Name(), string(resource.URN(urn).Type())
			if all[name] {
				continue
			}
			all[name] = true
			for _, other := range s.resources {
				if other.name == name && other.token == token {
					add(other)
				}
			}
		}
	}
	add(r)
	return all
}

// text is an input at a path such as vpcConfig.subnetIds[0], or "".
func (r *registered) text(path string) string {
	value, ok := r.value(path)
	if !ok {
		return ""
	}
	if value.IsString() {
		return value.StringValue()
	}
	return fmt.Sprint(value.MapRepl(nil, nil))
}

func (r *registered) value(path string) (resource.PropertyValue, bool) {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		panic(err)
	}
	value, ok := parsed.Get(resource.NewObjectProperty(r.inputs))
	for ok && (value.IsSecret() || value.IsOutput()) {
		if value.IsSecret() {
			value = value.SecretValue().Element
		} else {
			value = value.OutputValue().Element
		}
	}
	return value, ok
}

// texts is a list of strings among the inputs.
func (r *registered) texts(path string) []string {
	var all []string
	if value, ok := r.value(path); ok && value.IsArray() {
		for _, element := range value.ArrayValue() {
			all = append(all, element.StringValue())
		}
	}
	return all
}

// statement is one statement of a policy as AWS reads it.
type statement struct {
	Effect, Sid string
	Principal   map[string]any
	Action      []string
	Resource    []string
	Condition   map[string]map[string]string
}

// statements are those of the policy in an input.
func (r *registered) statements(t testing.TB, property string) []statement {
	t.Helper()
	var document struct {
		Version   string
		Statement []statement
	}
	if err := json.Unmarshal([]byte(r.text(property)), &document); err != nil {
		t.Fatalf("%s: %s: %v", r.name, property, err)
	}
	if document.Version != "2012-10-17" {
		t.Errorf("%s: %s: version %q", r.name, property, document.Version)
	}
	return document.Statement
}

// policies are all policies of the stack: by the resource's name, its statements.
func (s *stub) policies(t testing.TB) map[string][]statement {
	t.Helper()
	all := map[string][]statement{}
	for _, r := range s.resources {
		for _, property := range []string{"policy", "assumeRolePolicy"} {
			if r.text(property) != "" {
				all[r.name+" "+property] = r.statements(t, property)
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("no policy was registered")
	}
	return all
}
