package adopt

// identity is how the provider's id of a resource is known: a pattern of its inputs, or words for the AWS CLI that list
// the candidates. With neither, another one is made, and again says what that means.
type identity struct{ id, find, again string }

// Why another one may be made.
const (
	notAtAWS = "nothing of it is at AWS"
	same     = "to make it twice is to make it once"
	// A key has no name to find it by.
	staysAtAWS = "it stays at AWS, at a dollar a month: `aws kms describe-key` of the keys without an alias shows it by its description, `aws kms schedule-key-deletion` ends it"
)

// Known reports whether the resources of a type, such as aws:sqs/queue:Queue, can be found again.
func Known(kind string) bool {
	_, ok := identities[kind]
	return ok
}

// identities are those of every type that the program uses. Most names are in the inputs, because Pulumi makes them up
// before it asks AWS.
var identities = map[string]identity{
	"random:index/randomId:RandomId":             {again: notAtAWS},
	"random:index/randomPassword:RandomPassword": {again: notAtAWS},

	"aws:kms/key:Key":             {again: staysAtAWS},
	"aws:kms/keyPolicy:KeyPolicy": {id: "{{.keyId}}"},

	"aws:cloudwatch/logGroup:LogGroup":               {id: "{{.name}}"},
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": {id: "{{.name}}"},
	"aws:cloudwatch/metricAlarm:MetricAlarm":         {id: "{{.name}}"},
	"aws:cloudwatch/dashboard:Dashboard":             {id: "{{.dashboardName}}"},

	"aws:iam/role:Role":                                 {id: "{{.name}}"},
	"aws:iam/rolePolicy:RolePolicy":                     {id: "{{.role}}:{{.name}}"},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment": {again: same},
	"aws:iam/instanceProfile:InstanceProfile":           {id: "{{.name}}"},
	"aws:iam/policy:Policy":                             {find: "iam list-policies --scope Local --query Policies[?PolicyName=='{{.name}}'].Arn"},

	"aws:ec2/vpc:Vpc":       {find: "ec2 describe-vpcs --filters Name=tag:Name,Values={{.tags.Name}} --query Vpcs[].VpcId"},
	"aws:ec2/subnet:Subnet": {find: "ec2 describe-subnets --filters Name=vpc-id,Values={{.vpcId}} Name=cidr-block,Values={{.cidrBlock}} --query Subnets[].SubnetId"},
	"aws:ec2/routeTable:RouteTable": {find: "ec2 describe-route-tables --filters Name=vpc-id,Values={{.vpcId}} " +
		"--query RouteTables[?!Associations[?Main]].RouteTableId"},
	"aws:ec2/routeTableAssociation:RouteTableAssociation": {find: "ec2 describe-route-tables --filters Name=association.subnet-id,Values={{.subnetId}} " +
		"--query RouteTables[].Associations[?SubnetId=='{{.subnetId}}'].RouteTableAssociationId[]"},
	"aws:ec2/route:Route":                                       {id: "r-{{.routeTableId}}{{hashcode .destinationCidrBlock}}"},
	"aws:ec2/internetGateway:InternetGateway":                   {find: "ec2 describe-internet-gateways --filters Name=tag:Name,Values={{.tags.Name}} --query InternetGateways[].InternetGatewayId"},
	"aws:ec2/securityGroup:SecurityGroup":                       {find: "ec2 describe-security-groups --filters Name=group-name,Values={{.name}} --query SecurityGroups[].GroupId"},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":         {again: same}, // every VPC has the one
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {find: rules + "[?IsEgress==`false`&&Description=='{{.description}}']" + ruleID},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   {find: rules + "[?IsEgress==`true`&&Description=='{{.description}}']" + ruleID},
	"aws:ec2/flowLog:FlowLog":                                   {find: "ec2 describe-flow-logs --filter Name=resource-id,Values={{.vpcId}} --query FlowLogs[].FlowLogId"},
	"aws:ec2/vpcEndpoint:VpcEndpoint": {find: "ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={{.vpcId}} Name=service-name,Values={{.serviceName}} " +
		"--query VpcEndpoints[].VpcEndpointId"},

	"aws:ec2/networkInterface:NetworkInterface": {find: "ec2 describe-network-interfaces --filters Name=subnet-id,Values={{.subnetId}} Name=description,Values={{.description}} " +
		"--query NetworkInterfaces[].NetworkInterfaceId"},
	"aws:ec2/eip:Eip":                                 {find: "ec2 describe-addresses --filters Name=tag:Name,Values={{.tags.Name}} --query Addresses[].AllocationId"},
	"aws:ec2/launchTemplate:LaunchTemplate":           {find: "ec2 describe-launch-templates --filters Name=launch-template-name,Values={{.name}} --query LaunchTemplates[].LaunchTemplateId"},
	"aws:autoscaling/group:Group":                     {id: "{{.name}}"},
	"aws:elb/loadBalancer:LoadBalancer":               {id: "{{.name}}"},
	"aws:ec2/proxyProtocolPolicy:ProxyProtocolPolicy": {id: "{{.loadBalancer}}:TFEnableProxyProtocol"},
	"aws:lb/loadBalancer:LoadBalancer":                {find: "elbv2 describe-load-balancers --query LoadBalancers[?LoadBalancerName=='{{.name}}'].LoadBalancerArn"},
	"aws:lb/targetGroup:TargetGroup":                  {find: "elbv2 describe-target-groups --query TargetGroups[?TargetGroupName=='{{.name}}'].TargetGroupArn"},
	"aws:lb/listener:Listener":                        {find: "elbv2 describe-listeners --load-balancer-arn {{.loadBalancerArn}} --query Listeners[].ListenerArn"},

	"aws:rds/eventSubscription:EventSubscription":                    {id: "{{.name}}"},
	"aws:rds/subnetGroup:SubnetGroup":                                {id: "{{.name}}"},
	"aws:rds/clusterParameterGroup:ClusterParameterGroup":            {id: "{{.name}}"},
	"aws:rds/cluster:Cluster":                                        {id: "{{.clusterIdentifier}}"},
	"aws:rds/clusterInstance:ClusterInstance":                        {id: "{{.identifier}}"},
	"aws:rds/proxy:Proxy":                                            {id: "{{.name}}"},
	"aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup":        {id: "{{.dbProxyName}}"},
	"aws:rds/proxyTarget:ProxyTarget":                                {id: "{{.dbProxyName}}/{{.targetGroupName}}/TRACKED_CLUSTER/{{.dbClusterIdentifier}}"},
	"aws:secretsmanager/secret:Secret":                               {find: "secretsmanager list-secrets --filters Key=name,Values={{.name}} --query SecretList[].ARN"},
	"aws:secretsmanager/secretVersion:SecretVersion":                 {again: same}, // the same value once more
	"aws:secretsmanager/secretPolicy:SecretPolicy":                   {id: "{{.secretArn}}"},
	"aws:secretsmanager/secretRotation:SecretRotation":               {id: "{{.secretId}}"},
	"aws:lambda/function:Function":                                   {id: "{{.name}}"},
	"aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {id: "{{.functionName}}"},
	"aws:lambda/permission:Permission":                               {id: "{{.statementId}}"},
	"aws:lambda/invocation:Invocation":                               {again: same}, // the migrator may run any number of times
	"aws:scheduler/scheduleGroup:ScheduleGroup":                      {id: "{{.name}}"},
	"aws:scheduler/schedule:Schedule":                                {id: "{{.groupName}}/{{.name}}"},
	"aws:sns/topic:Topic":                                            {find: "sns list-topics --query Topics[?ends_with(TopicArn,':{{.name}}')].TopicArn"},
	"aws:sns/topicPolicy:TopicPolicy":                                {id: "{{.arn}}"},
	"aws:sns/topicSubscription:TopicSubscription":                    {again: same}, // to subscribe twice is to subscribe once
	"aws:sqs/queue:Queue":                                            {find: "sqs list-queues --queue-name-prefix {{.name}} --query QueueUrls"},
	"aws:sqs/queuePolicy:QueuePolicy":                                {id: "{{.queueUrl}}"},
}

// Rules of a security group; their descriptions distinguish them.
const (
	rules  = "ec2 describe-security-group-rules --filters Name=group-id,Values={{.securityGroupId}} --query SecurityGroupRules"
	ruleID = ".SecurityGroupRuleId"
)
