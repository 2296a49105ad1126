package external_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/external"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/network"
)

func TestInstancesTakeTheNewestImageRequireIMDSv2AndEncryptAndHaveNoKey(t *testing.T) {
	infratest.InEachMode(t, func(t *testing.T, _ string, s *infratest.Mock) {
		template := s.LaunchTemplate(t)
		for path, want := range map[string]string{
			"imageId":                                 "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
			"instanceType":                            "t4g.micro",
			"metadataOptions.httpTokens":              "required",
			"metadataOptions.httpEndpoint":            "enabled",
			"metadataOptions.httpPutResponseHopLimit": "1",
			"blockDeviceMappings[0].ebs.encrypted":    "true",
			"blockDeviceMappings[0].ebs.volumeType":   "gp3",
			"blockDeviceMappings[0].ebs.kmsKeyId":     "arn:aws:kms:us-east-1:111122223333:alias/aws/ebs", // not the account's default, which Auto Scaling may not be allowed to use
			"blockDeviceMappings[0].deviceName":       "/dev/xvda",
			"blockDeviceMappings[1].deviceName":       "",
			"keyName":                                 "",
			"networkInterfaces[1].deviceIndex":        "",
			"iamInstanceProfile.arn":                  "arn:aws:service:us-east-1:111122223333:" + strings.Replace(template.Name, "-template", "-profile", 1),
			"networkInterfaces[0].deviceIndex":        "0",
		} {
			if got := template.Text(path); got != want {
				t.Errorf("%s is %q, want %q", path, got, want)
			}
		}
		script, err := base64.StdEncoding.DecodeString(template.Text("userData"))
		if err != nil || !strings.Contains(string(script), "server database database-cluster.example.com:3306 maxconn ") {
			t.Errorf("user data: %v\n%s", err, script)
		}
		if strings.Contains(string(script), infratest.Password) {
			t.Error("user data holds a password")
		}
	})
}

func TestInstanceRoleCanDoSessionManagerAndNothingElse(t *testing.T) {
	infratest.InEachMode(t, func(t *testing.T, _ string, s *infratest.Mock) {
		role := strings.Replace(s.LaunchTemplate(t).Name, "-template", "-role", 1)
		var allowed []string
		for _, st := range s.Policies(t)[role+"-policy policy"] {
			allowed = append(allowed, st.Action...)
		}
		slices.Sort(allowed)
		if want := []string{"ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"}; !slices.Equal(allowed, want) {
			t.Errorf("it may %v", allowed)
		}
		trust := s.Policies(t)[role+" assumeRolePolicy"]
		if len(trust) != 1 || trust[0].Principal["Service"] != "ec2.amazonaws.com" {
			t.Errorf("it trusts %+v", trust)
		}
		for _, r := range s.Resources {
			if strings.Contains(r.Token, "olicyAttachment") && strings.Contains(r.Text("role"), role) {
				t.Errorf("%s gives it more", r.Name)
			}
		}
		// And no other way than these endpoints, in which nobody else's instances can speak.
		for i, service := range network.SessionServices() {
			endpoint := s.One(t, "management-"+service)
			st := endpoint.Statements(t, "policy")[0]
			if endpoint.Text("privateDnsEnabled") != "true" || st.Condition["StringEquals"]["aws:PrincipalAccount"] != "111122223333" || !slices.Equal(st.Action, network.SessionStatements()[i].Actions) ||
				!slices.Equal(endpoint.Texts("securityGroupIds"), []string{"security-management-id"}) {
				t.Errorf("%s: %+v", endpoint.Name, st)
			}
		}
	})
}

func TestInstanceThatDiesIsReplaced(t *testing.T) {
	infratest.InEachMode(t, func(t *testing.T, mode string, s *infratest.Mock) {
		groups := s.Of(t, "autoscaling/group:Group")
		if len(groups) != 1 {
			t.Fatalf("%d groups", len(groups))
		}
		group, template := groups[0], s.LaunchTemplate(t)
		size, minimum := "2", "50"
		if mode == "single" {
			size, minimum = "1", "0"
		}
		for path, want := range map[string]string{
			"minSize": size, "maxSize": size, "desiredCapacity": size, "healthCheckGracePeriod": "300", "waitForCapacityTimeout": "15m",
			"healthCheckType": "EC2", "waitForElbCapacity": "", // not what the load balancer thinks: it is red without a database
			"launchTemplate.id": template.Name + "-id", "launchTemplate.version": "7", // a change of the template is one of the group
			"instanceRefresh.strategy": "Rolling", "instanceRefresh.preferences.minHealthyPercentage": minimum,
		} {
			if got := group.Text(path); got != want {
				t.Errorf("%s is %q, want %q", path, got, want)
			}
		}
		waits := s.WaitsFor(group)
		for _, name := range []string{"security-haproxy-to-packages", "security-haproxy-to-database-out", "security-haproxy-to-database-in", "public-route", "public-packages", "public-us-east-1a-routes",
			"management-ssm", "management-ssmmessages"} { // whose agent does not ask again for a long time
			if !waits[name] {
				t.Errorf("the first boot does not wait for %s", name)
			}
		}
		// Behind a load balancer the first up waits for green instances, which there are none of before there is a database.
		if waits["database-writer"] != (mode != "single") {
			t.Errorf("it waits for the writer: %v", waits["database-writer"])
		}
	})
}

func TestSingleInstanceKeepsItsAddressWhenItIsReplaced(t *testing.T) {
	s := infratest.Deployed(t, infratest.Modes["single"])
	address, eni, group := s.One(t, "external-single-address"), s.One(t, "external-single-interface"), s.One(t, "external-single-group")
	for _, test := range []struct {
		r          *infratest.Resource
		path, want string
	}{
		{address, "networkInterface", "external-single-interface-id"}, {address, "instance", ""},
		{eni, "subnetId", "public-us-east-1a-id"}, {eni, "securityGroups[0]", "security-haproxy-id"}, {eni, "securityGroups[1]", ""},
		{s.LaunchTemplate(t), "networkInterfaces[0].networkInterfaceId", "external-single-interface-id"},
		{s.LaunchTemplate(t), "networkInterfaces[0].deleteOnTermination", "false"},
		// EC2 Auto Scaling takes an existing interface with a zone and without a subnet.
		{group, "availabilityZones[0]", "us-east-1a"}, {group, "availabilityZones[1]", ""}, {group, "vpcZoneIdentifiers", ""},
	} {
		if got := test.r.Text(test.path); got != test.want {
			t.Errorf("%s: %s is %q, want %q", test.r.Name, test.path, got, test.want)
		}
	}
	if waits := s.WaitsFor(address); !waits["public-gateway"] || !waits["public-route"] {
		t.Error("AWS gives no address to a network without a gateway")
	}
}

func TestLoadBalancerHasItsGroupFromBirthProbesHealthAndKeepsSilentSessions(t *testing.T) {
	for mode, properties := range map[string]map[string]map[string]string{
		"network": {
			"external-network-lb": {"loadBalancerType": "network", "internal": "false", "securityGroups[0]": "security-balancer-id", "securityGroups[1]": "",
				"subnets[0]": "public-us-east-1a-id", "subnets[1]": "public-us-east-1b-id", "enableCrossZoneLoadBalancing": "true", "subnetMappings": ""},
			"external-network-listener": {"protocol": "TCP", "port": "3306", "tcpIdleTimeoutSeconds": "3600", "defaultActions[0].type": "forward"},
			"external-network-targets": {"protocol": "TCP", "port": "3306", "targetType": "instance", "preserveClientIp": "true", "deregistrationDelay": "60", "connectionTermination": "true",
				"healthCheck.protocol": "HTTP", "healthCheck.port": "8404", "healthCheck.path": "/health", "healthCheck.matcher": "200"},
			"external-network-group": {"targetGroupArns[0]": "arn:aws:service:us-east-1:111122223333:external-network-targets", "minElbCapacity": "2"},
		},
		"classic": {
			"external-classic-lb": {"internal": "false", "securityGroups[0]": "security-balancer-id", "securityGroups[1]": "",
				"subnets[0]": "public-us-east-1a-id", "subnets[1]": "public-us-east-1b-id", "crossZoneLoadBalancing": "true", "idleTimeout": "3600", "connectionDraining": "true",
				"listeners[0].lbPort": "3306", "listeners[0].lbProtocol": "TCP", "listeners[0].instancePort": "3306", "listeners[0].instanceProtocol": "TCP", "listeners[1]": "",
				"healthCheck.target": "HTTP:8404/health"},
			"external-classic-header": {"loadBalancer": "external-classic-lb-1a2b3c4", "instancePorts[0]": "3306", "instancePorts[1]": ""},
			"external-classic-group":  {"loadBalancers[0]": "external-classic-lb-1a2b3c4", "minElbCapacity": "2"},
		},
	} {
		s := infratest.Deployed(t, infratest.Modes[mode])
		for name, want := range properties {
			for path, value := range want {
				if got := s.One(t, name).Text(path); got != value {
					t.Errorf("%s: %s is %q, want %q", name, path, got, value)
				}
			}
		}
		waits := s.WaitsFor(s.One(t, "external-"+mode+"-lb"))
		if !waits["public-gateway"] || !waits["public-us-east-1b-routes"] {
			t.Errorf("%s: AWS makes no public load balancer without a gateway", mode)
		}
		template := s.LaunchTemplate(t)
		if template.Text("networkInterfaces[0].associatePublicIpAddress") != "false" || template.Text("networkInterfaces[0].securityGroups[0]") != "security-haproxy-id" {
			t.Errorf("%s: an instance behind it has a public address or no group", mode)
		}
	}
}

func TestProbesOutlastAFailover(t *testing.T) {
	// Longer than Aurora takes, so that no instance is taken out for what is no fault of its own.
	if tolerated := external.ProbeSeconds * external.ProbesToFail; tolerated < 90 || tolerated > 120 {
		t.Errorf("an instance is taken out after %d seconds without a database", tolerated)
	}
}
