package planned

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Password stands for every password that random makes.
const Password = "correct-horse-battery-staple"

// GroupCreated is when every schedule group is made, in RFC 3339.
const GroupCreated = "2026-11-21T12:00:00Z"

// afterMigration is when what waits for the database is made.
const afterMigration = "2026-11-21T12:15:00Z"

// Outputs makes up the id and the outputs that AWS, or random, would give a resource of the stack.
func Outputs(args pulumi.MockResourceArgs, stack string) (string, resource.PropertyMap) {
	outputs := args.Inputs.Copy()
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
		computed["creationDate"] = GroupCreated
		if args.Name == "outbox-tick-group" { // which waits for the migration
			computed["creationDate"] = afterMigration
		}
	case "aws:lambda/invocation:Invocation":
		computed["result"] = `{"version":1,"plugin":"caching_sha2_password"}`
	case "aws:sqs/queue:Queue":
		computed["url"] = "https://sqs.example.com/" + args.Name
	case "random:index/randomId:RandomId":
		computed["hex"] = args.Inputs["prefix"].StringValue() + (fmt.Sprintf("%x", stack) + "00000")[:6]
	case "random:index/randomPassword:RandomPassword":
		computed["result"] = Password
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
	return id, outputs
}

// Region is the one that a plan is for.
const Region = "us-east-1"

// Defaults is the configuration of Pulumi.yaml, in Region.
func Defaults(project *workspace.Project) (map[string]string, error) {
	config := map[string]string{"aws:region": Region}
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
	return config, nil
}
