package compliance

// The kinds of external access.
var (
	withExternal = scope{"with `externalAccess`", func(c map[string]string) bool { return c["externalAccess"] != "" }}
	withSingle   = scope{"with `externalAccess: single`", func(c map[string]string) bool { return c["externalAccess"] == "single" }}
	withNetwork  = scope{"with a network load balancer", func(c map[string]string) bool { return c["externalAccess"] == "ha" && c["externalLoadBalancer"] == "" }}
	withClassic  = scope{"with a classic load balancer", func(c map[string]string) bool { return c["externalLoadBalancer"] == "classic" }}
	sessions     = []string{"management-ssm", "management-ssmmessages"}
	oneMachine   = "one machine in one zone is what `single` is; `ha` is one in each zone"
	redWithout   = "the load balancer's check is red wherever there is no database, which no new instance changes: an outage would have all of them replaced, again and again. systemd starts a process that ends, the load balancer takes out an instance that stays red, and an alarm fires"
	passThrough  = "MySQL's TLS begins inside its protocol and goes through to the database, which refuses clients without: a load balancer that ends TLS could not speak to them"
)

// externalWaivers are those of external access.
var externalWaivers = []waiver{
	{"prowler:vpc_endpoint_multi_az_enabled", withSingle, sessions, oneMachine},
	{"AutoScaling.2", withSingle, []string{"external-single-group"}, oneMachine},
	{"kics:8e94dced-9bcc-4203-8eb7-7e41202b2505", withSingle, []string{"external-single-group"}, "it has an Elastic IP instead of a load balancer; the group is there to replace the machine"},
	{"prowler:vpc_endpoint_connections_trust_boundaries", withExternal, []string{"public-packages"}, "the package manager signs nothing, so that no condition on the caller can hold; it allows reading of AWS's own package repository alone"},
	{"WA:SEC03-BP02", withExternal, sessions, "AWS knows no other resource for these actions; named one by one, for this account's principals"},
	{"CKV_AWS_355", withSingle, []string{"external-single-role-policy"}, "Session Manager's five actions, for which AWS knows no other resource"},
	{"CKV_AWS_355", withNetwork, []string{"external-network-role-policy"}, "Session Manager's five actions, for which AWS knows no other resource"},
	{"CKV_AWS_355", withClassic, []string{"external-classic-role-policy"}, "Session Manager's five actions, for which AWS knows no other resource"},
	{"ELB.6", withNetwork, []string{"external-network-lb"}, "it holds nothing, and has to go when `externalAccess` is switched off; what holds data is protected by `protectData`"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", withSingle, []string{"external-single-role"}, "EC2 gives a role to instances of its own account only"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", withNetwork, []string{"external-network-role"}, "EC2 gives a role to instances of its own account only"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", withClassic, []string{"external-classic-role"}, "EC2 gives a role to instances of its own account only"},

	{"AutoScaling.1", withNetwork, []string{"external-network-group"}, redWithout},
	{"AutoScaling.1", withClassic, []string{"external-classic-group"}, redWithout},
	{"guard:SECURITY_GROUP_MISSING_EGRESS_RULE", withExternal, []string{"security-management"}, "an endpoint sends nothing of its own"},
	{"AwsSolutions-EC28", withExternal, nil, "nothing scales on these measures; an alarm is as fast with five minutes"},
	{"AwsSolutions-AS1", withExternal, nil, "the group keeps its size: there is no scaling to cool down from"},
	{"AwsSolutions-AS3", withExternal, nil, "the group keeps its size, and a machine that is lost shows at the load balancer"},
	{"CKV_AWS_91", withNetwork, nil, "a network load balancer logs TLS listeners only; the flow log has what was refused, HAProxy each connection"},
	{"ELB.5", withClassic, nil, "it would need a bucket; HAProxy logs each connection"},
	{"AVD-AWS-0053", withNetwork, nil, "it is the public front door, to the configured ranges alone (`externalAllowedCidrs`)"},
	{"prowler:elb_internet_facing", withClassic, nil, "it is the public front door, to the configured ranges alone (`externalAllowedCidrs`)"},
	{"ELB.18", withNetwork, nil, passThrough},
	{"ELB.22", withNetwork, nil, passThrough},
	{"ELB.2", withClassic, nil, passThrough},
	{"ELB.21", withNetwork, nil, "the health check carries a status and no data, inside the VPC"},
}
