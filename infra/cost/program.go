package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra"
)

// registered is one resource as the program registers it.
type registered struct {
	token, name string
	inputs      resource.PropertyMap
}

// recorder stands for the engine and AWS: it keeps what the program registers, and makes up what AWS would answer.
type recorder struct {
	mu        sync.Mutex
	resources []registered
}

func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.Custom {
		r.mu.Lock()
		r.resources = append(r.resources, registered{args.TypeToken, args.Name, args.Inputs})
		r.mu.Unlock()
	}
	outputs := args.Inputs.Copy()
	for key, value := range map[string]string{
		"arn": "arn:aws:service:us-east-1:111122223333:" + args.Name, "name": args.Name, "hex": "scheduled-messages-000000",
		"result": "password", "url": "https://sqs.example.com/" + args.Name, "endpoint": args.Name + ".example.com",
		"dnsName": args.Name + ".example.com", "publicIp": "192.0.2.1", "keyId": args.Name, "versionId": "first",
	} {
		if _, given := outputs[resource.PropertyKey(key)]; !given {
			outputs[resource.PropertyKey(key)] = resource.NewStringProperty(value)
		}
	}
	return args.Name + "-id", outputs, nil
}

func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, fmt.Errorf("the program asks AWS for %s, and cannot be priced without an account", args.Token)
}

// register runs the program with Pulumi.yaml's defaults and some changes, and returns all that it would make.
func register(root string, changes map[string]string) ([]registered, error) {
	project, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return nil, err
	}
	config := map[string]string{"aws:region": "us-east-1"}
	for key, declared := range project.Config {
		switch value := declared.Default.(type) {
		case nil:
		case string:
			config[string(project.Name)+":"+key] = value
		default:
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			config[string(project.Name)+":"+key] = string(text)
		}
	}
	for key, value := range changes {
		config[string(project.Name)+":"+key] = value
	}
	made := &recorder{}
	err = pulumi.RunErr(infra.Plan, pulumi.WithMocks(string(project.Name), "cost", made),
		func(info *pulumi.RunInfo) { info.Config = config })
	return made.resources, err
}

// value is an input at a path such as vpcConfig.subnetIds.
func (r registered) value(path string) (resource.PropertyValue, bool) {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		return resource.PropertyValue{}, false
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

func (r registered) text(path string) string {
	if value, ok := r.value(path); ok && value.IsString() {
		return value.StringValue()
	}
	return ""
}

func (r registered) number(path string) float64 {
	if value, ok := r.value(path); ok && value.IsNumber() {
		return value.NumberValue()
	}
	return 0
}

func (r registered) count(path string) float64 {
	if value, ok := r.value(path); ok && value.IsArray() {
		return float64(len(value.ArrayValue()))
	}
	return 0
}
