package infra_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

// unnamed are types without a name of their own: AWS gives an id, or they are part of something that has a name.
var unnamed = []string{
	"ec2/vpcEndpoint:VpcEndpoint", "ec2/networkInterface:NetworkInterface", "ec2/eip:Eip", "kms/", "lambda/permission:",
	"lambda/invocation:",
	"lambda/functionEventInvokeConfig:", "policyAttachment", "secretsmanager/secretVersion:", "secretsmanager/secretPolicy:",
	"secretsmanager/secretRotation:", "sns/topicPolicy:", "sns/topicSubscription:", "sqs/queuePolicy:", "vpc/securityGroup",
	"rds/proxyTarget:",
	"rds/proxyDefaultTargetGroup:", "lb/listener:", "ec2/proxyProtocolPolicy:", "random:",
}

func TestConventionsOfAPlatformTeamAreFollowedByEverything(t *testing.T) {
	conventions := infratest.Chosen("kmsKeyArn", "permissionsBoundaryArn", "iamPath", "namePrefix")
	for _, kind := range []string{"single", "network", "classic"} {
		s := onto(t, infratest.With(infratest.With(infratest.ExistingModes["VPC"], access(kind)), infratest.With(conventions, infratest.Webhook)))
		roles, names := 0, map[string]string{}
		for _, r := range s.Resources {
			if !r.Custom {
				continue
			}
			if strings.HasPrefix(r.Token, "aws:iam/") && !strings.Contains(r.Token, "iam/rolePolicy:") && r.Text("path") != "/teams/" {
				t.Errorf("%s has the path %q", r.Name, r.Text("path"))
			}
			if strings.HasSuffix(r.Token, ":Role") {
				roles++
				if r.Text("permissionsBoundary") != infratest.ExistingKeys["permissionsBoundaryArn"] {
					t.Errorf("%s has the boundary %q", r.Name, r.Text("permissionsBoundary"))
				}
			}
			if strings.HasPrefix(r.Token, "aws:kms/") {
				t.Errorf("%s is made although there is a key", r.Name)
			}
			if slices.ContainsFunc(unnamed, func(part string) bool { return strings.Contains(r.Token, part) }) {
				continue
			}
			name := ""
			for _, key := range []string{"namePrefix", "identifier", "clusterIdentifier", "dashboardName", "name"} {
				if text := r.Text(key); text != "" {
					name = text
				}
			}
			checkName(t, r, name)
			if other := names[r.Token+name]; other != "" {
				t.Errorf("%s and %s have the same name, %s", r.Name, other, name)
			}
			names[r.Token+name] = r.Name
		}
		if roles < 8 {
			t.Errorf("%d roles", roles)
		}
	}
}

// checkName sees whether a name has the prefix, and fits.
func checkName(t *testing.T, r *infratest.Resource, name string) {
	t.Helper()
	bare := name
	for _, service := range []string{"/aws/lambda/", "/aws/rds/cluster/", "/aws/rds/proxy/", "/aws/vpc/"} {
		bare = strings.TrimPrefix(bare, service)
	}
	if !strings.HasPrefix(bare, "team-a-") && !strings.Contains(r.Token, "logMetricFilter") {
		t.Errorf("%s (%s) is named %q", r.Name, r.Token, name)
	}
	most := 64
	if strings.Contains(r.Token, ":LoadBalancer") || strings.Contains(r.Token, ":TargetGroup") {
		most = 32
	}
	if len(bare) > most {
		t.Errorf("%s: the name %s has %d characters", r.Name, name, len(name))
	}
}

func TestWithoutConventionsNothingOfThemIsSet(t *testing.T) {
	for _, r := range infratest.Deployed(t, infratest.Modes["network"]).Resources {
		if r.Text("path") != "" && strings.HasPrefix(r.Token, "aws:iam/") || r.Text("permissionsBoundary") != "" {
			t.Errorf("%s: %v", r.Name, r.Inputs)
		}
	}
}
