package config

import (
	"strings"
)

// extensionName is the layer of the AWS Parameters and Secrets Lambda Extension for x86_64; that for arm64 has an end more.
const (
	ExtensionName = "AWS-Parameters-and-Secrets-Lambda-Extension"
	ExtensionArm  = ExtensionName + "-Arm64"
)

// ExtensionAccounts are the accounts by which AWS publishes the extension, by Region, as of 28 July 2026.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
var ExtensionAccounts = map[string]string{
	"af-south-1": "317013901791", "ap-east-1": "768336418462", "ap-east-2": "890742577149",
	"ap-northeast-1": "133490724326", "ap-northeast-2": "738900069198", "ap-northeast-3": "576959938190",
	"ap-south-1": "176022468876", "ap-south-2": "070087711984",
	"ap-southeast-1": "044395824272", "ap-southeast-2": "665172237481", "ap-southeast-3": "490737872127",
	"ap-southeast-4": "090732460067", "ap-southeast-5": "381492012281", "ap-southeast-6": "995508174458",
	"ap-southeast-7": "941377119484", "ca-central-1": "200266452380", "ca-west-1": "243964427225",
	"cn-north-1": "287114880934", "cn-northwest-1": "287310001119",
	"eu-central-1": "187925254637", "eu-central-2": "772501565639", "eu-north-1": "427196147048",
	"eu-south-1": "325218067255", "eu-south-2": "524103009944",
	"eu-west-1": "015030872274", "eu-west-2": "133256977650", "eu-west-3": "780235371811",
	"eusc-de-east-1": "041683371183", "il-central-1": "148806536434",
	"me-central-1": "858974508948", "me-south-1": "832021897121", "mx-central-1": "241533131596",
	"sa-east-1": "933737806257", "us-east-1": "177933569100", "us-east-2": "590474943231",
	"us-gov-east-1": "129776340158", "us-gov-west-1": "127562683043", "us-west-1": "997803712105", "us-west-2": "345057560386",
}

// layerAllowed is what secretsExtensionLayerArn takes, in words. A layer runs next to the function with all of its rights, so it
// must be AWS's own.
const layerAllowed = "none (the newest, looked up), or the ARN of a version of the layer " +
	ExtensionName + " or " + ExtensionArm + " in the account by which AWS publishes it in that Region, because it reads the " +
	"function's secrets: " +
	"https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html"

// Partition is that of a Region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func Partition(region string) string {
	for prefix, partition := range map[string]string{"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"} {
		if strings.HasPrefix(region, prefix) {
			return partition
		}
	}
	return "aws"
}

// LayerARN takes the ARN of a version of AWS's own layer, and none for the empty text.
func LayerARN(value string) (string, error) {
	if value == "" || value == none {
		return "", nil
	}
	part := layerPattern.FindStringSubmatch(value)
	if part == nil {
		return "", errValue
	}
	region, account, name := part[2], part[3], part[4]
	if part[1] != Partition(region) || account != ExtensionAccounts[region] || name != ExtensionName && name != ExtensionArm {
		return "", errValue
	}
	return value, nil
}

// layerConstraints hold the layer to the functions' processor and to the stack's Region: Lambda finds out only after the
// database is made.
func (c *Config) layerConstraints(region string) []constraint {
	part := layerPattern.FindStringSubmatch(c.SecretsExtensionLayerARN)
	if part == nil {
		return nil
	}
	name := ExtensionName
	if c.LambdaArchitecture == "arm64" {
		name = ExtensionArm
	}
	return []constraint{
		{[]string{"secretsExtensionLayerArn", "lambdaArchitecture"}, part[4] != name, c.SecretsExtensionLayerARN,
			"a version of the layer " + name + " with lambdaArchitecture " + c.LambdaArchitecture},
		{[]string{"secretsExtensionLayerArn"}, region != "" && part[2] != region, c.SecretsExtensionLayerARN,
			"a layer of aws:region, " + region},
	}
}

// Processor is one of Lambda's architectures.
type Processor struct {
	GOARCH    string
	Extension string // in the name of the SSM parameter of the secrets extension's layer
}

// Processors are Lambda's architectures, as it names them.
var Processors = map[string]Processor{
	"arm64":  {"arm64", "arm64"},
	"x86_64": {"amd64", "x86"},
}
