package infratest

// ExistingKeys are values of the keys of what is there already. Together they are a stack onto a cluster in a VPC.
var ExistingKeys = map[string]string{
	"vpcId":                  "vpc-0a1b2c3d4e5f67890",
	"privateSubnetIds":       `["subnet-0a1b2c3d4e5f67890","subnet-1a1b2c3d4e5f67890"]`,
	"clusterIdentifier":      "orders",
	"adminSecretArn":         "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/admin-AbCdEf",
	"kmsKeyArn":              "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
	"permissionsBoundaryArn": "arn:aws:iam::111122223333:policy/boundary",
	"iamPath":                "/teams/",
	"namePrefix":             "team-a-",
}

// ExistingModes are the ways onto what is there already, by the keys that make them.
var ExistingModes = map[string]map[string]string{
	"VPC":      Chosen("vpcId", "privateSubnetIds"),
	"cluster":  Chosen("vpcId", "privateSubnetIds", "clusterIdentifier", "adminSecretArn"),
	"instance": With(Chosen("vpcId", "privateSubnetIds", "adminSecretArn"), map[string]string{"instanceIdentifier": "orders"}),
}

// Chosen are some of the existing keys.
func Chosen(keys ...string) map[string]string {
	some := map[string]string{}
	for _, key := range keys {
		some[key] = ExistingKeys[key]
	}
	return some
}
