// Package planned shows what the program would make, without an engine and without AWS.
package planned

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra"
)

// Resource is one resource or component as the program registers it.
type Resource struct {
	Token, Name string
	Custom      bool // false: a component
	Inputs      resource.PropertyMap
}

// Registered is the resource of a registration.
func Registered(args pulumi.MockResourceArgs) Resource {
	return Resource{args.TypeToken, args.Name, args.Custom, args.Inputs}
}

// recorder stands for the engine and AWS: it keeps what the program registers, and makes up what AWS would answer.
type recorder struct {
	project string
	config  map[string]string // with namespaces

	mu        sync.Mutex
	resources []Resource
}

func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.TypeToken != "pulumi:pulumi:Stack" {
		r.mu.Lock()
		r.resources = append(r.resources, Registered(args))
		r.mu.Unlock()
	}
	id, outputs := Outputs(args, "dev")
	return id, outputs, nil
}

// Given are the keys that spare every look-up in a VPC of the stack's own.
var Given = map[string]string{
	"zones":                    `["us-east-1a","us-east-1b"]`,
	"secretsExtensionLayerArn": "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:23",
}

// Resources runs the program of the repository in root with Pulumi.yaml's defaults and some changes, and returns all
// that it would make. What the changes name as existing is taken for granted. Its error holds everything that is wrong with the
// changes.
func Resources(root string, changes map[string]string) ([]Resource, error) {
	project, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return nil, err
	}
	config, err := Defaults(project)
	if err != nil {
		return nil, err
	}
	given := maps.Clone(Given)
	if vpc := changes["vpcId"]; vpc == "" || vpc == "none" {
		config["aws:skipCredentialsValidation"] = "true" // as a preview without an account
	} else {
		delete(given, "zones") // they are the subnets'
	}
	var problems []error
	for _, more := range []map[string]string{given, changes} {
		for _, key := range slices.Sorted(maps.Keys(more)) {
			if _, known := project.Config[key]; !known {
				problems = append(problems, fmt.Errorf("%s is %s: Pulumi.yaml has no such key", key, more[key]))
			}
			config[string(project.Name)+":"+key] = more[key]
		}
	}
	made := &recorder{project: string(project.Name), config: config}
	err = pulumi.RunErr(infra.Plan, pulumi.WithMocks(string(project.Name), "dev", made),
		func(info *pulumi.RunInfo) { info.Config = config })
	type list interface {
		error
		WrappedErrors() []error
	}
	if several, ok := errors.AsType[list](err); ok { // Pulumi's, whose text has a heading and tabs around the program's
		err = errors.Join(several.WrappedErrors()...)
	}
	if err = errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	return made.resources, nil
}

// Value is an input at a path such as vpcConfig.subnetIds.
func (r Resource) Value(path string) (resource.PropertyValue, bool) {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		return resource.PropertyValue{}, false
	}
	value, ok := parsed.Get(resource.NewObjectProperty(r.Inputs))
	for ok && (value.IsSecret() || value.IsOutput()) {
		if value.IsSecret() {
			value = value.SecretValue().Element
		} else {
			value = value.OutputValue().Element
		}
	}
	return value, ok
}

// Text is an input that is a string, or "".
func (r Resource) Text(path string) string {
	if value, ok := r.Value(path); ok && value.IsString() {
		return value.StringValue()
	}
	return ""
}

// Number is an input that is a number, or 0.
func (r Resource) Number(path string) float64 {
	if value, ok := r.Value(path); ok && value.IsNumber() {
		return value.NumberValue()
	}
	return 0
}

// Count is how many elements an input has that is a list.
func (r Resource) Count(path string) float64 {
	if value, ok := r.Value(path); ok && value.IsArray() {
		return float64(len(value.ArrayValue()))
	}
	return 0
}
