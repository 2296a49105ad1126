package infra_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

// only are the resources that the one stub has and the other has not.
func only(s, other *infratest.Mock) []string {
	var names []string
	for _, r := range s.Resources {
		if !slices.ContainsFunc(other.Resources, func(o *infratest.Resource) bool { return o.Token == r.Token && o.Name == r.Name }) {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return names
}

// What the outbox adds, with nothing left of it in a stack without.
func TestNothingOfTheOutboxIsThereWhenItIsOff(t *testing.T) {
	off, on := infratest.Deployed(t), infratest.Deployed(t, infratest.Outbox)
	if gone := only(off, on); len(gone) > 0 {
		t.Errorf("the outbox takes away: %v", gone)
	}
	want := []string{
		"armer", "armer", "armer-log", "armer-role", "armer-role-policy",
		"monitoring-armer-errors", "monitoring-armer-throttles", "monitoring-overdue-each-minute-filter",
		"monitoring-relay-errors", "monitoring-relay-throttles", "monitoring-tick",
		"outbox", "outbox-armer-tries", "outbox-tick", "outbox-tick-group", "outbox-tick-role", "outbox-tick-role-policy",
		"relay", "relay", "relay-log", "relay-role", "relay-role-policy",
		"security-relay", "security-relay-to-endpoint-in", "security-relay-to-endpoint-out",
		"security-relay-to-proxy-in", "security-relay-to-proxy-out",
	}
	if added := only(on, off); !slices.Equal(added, want) {
		t.Errorf("the outbox adds %v, want %v", added, want)
	}
	// Of what both have, nothing names it.
	for _, r := range off.Resources {
		for _, word := range []string{"armer", "relay", "outbox"} {
			if strings.Contains(strings.ToLower(fmt.Sprint(r.Inputs)), word) {
				t.Errorf("%s names %s", r.Name, word)
			}
		}
	}
}

func TestRetentionIsAScheduleMoreAndNothingElse(t *testing.T) {
	off, on := infratest.Deployed(t), infratest.Deployed(t, map[string]string{"retentionDays": "1"})
	want := []string{"schedule-retention", "schedule-retention-group", "schedule-retention-role", "schedule-retention-role-policy"}
	if added := only(on, off); !slices.Equal(added, want) || len(only(off, on)) > 0 {
		t.Errorf("retention adds %v, want %v, and takes away %v", added, want, only(off, on))
	}
}

// allowed are the actions that a role's policy allows, with their resources.
func allowed(t *testing.T, s *infratest.Mock, policy string) map[string][]string {
	all := map[string][]string{}
	for _, st := range s.One(t, policy).Statements(t, "policy") {
		for _, action := range st.Action {
			if st.Effect == "Allow" && action != "logs:CreateLogStream" && action != "logs:PutLogEvents" && !strings.HasPrefix(action, "xray:") {
				all[action] = append(all[action], st.Resource...)
			}
		}
	}
	return all
}

func TestArmerHandlesTheSchedulesOfRowsPassesOneRoleAndInvokesTwoFunctions(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	arn := "arn:aws:service:us-east-1:111122223333:"
	schedules := []string{
		"arn:aws:scheduler:us-east-1:111122223333:schedule/schedule-messages-1a2b3c4/row-*",
		"arn:aws:scheduler:us-east-1:111122223333:schedule/schedule-messages-1a2b3c4/row.*",
	}
	key := []string{arn + "foundation-key"}
	want := map[string][]string{
		"scheduler:CreateSchedule": schedules, "scheduler:GetSchedule": schedules,
		"scheduler:UpdateSchedule": schedules, "scheduler:DeleteSchedule": schedules,
		"iam:PassRole":          {arn + "schedule-role"},
		"lambda:InvokeFunction": {arn + "relay", arn + "updater"},
		"kms:DescribeKey":       key,
		"kms:GenerateDataKey":   slices.Concat(key, key), "kms:Decrypt": slices.Concat(key, key), // of either kind of name
	}
	if got := allowed(t, s, "armer-role-policy"); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("armer may: %v", got)
	}
	for _, st := range s.One(t, "armer-role-policy").Statements(t, "policy") {
		if slices.Contains(st.Action, "iam:PassRole") && st.Condition["StringEquals"]["iam:PassedToService"] != "scheduler.amazonaws.com" {
			t.Errorf("PassRole on %v", st.Condition)
		}
		if slices.Contains(st.Action, "kms:GenerateDataKey") && !slices.Contains(schedules, st.Condition["ArnLike"][scheduleContext]) {
			t.Errorf("the key serves armer on %v", st.Condition)
		}
	}
}

func TestRelayHasNothingOfAWSButItsSecretAndItsNetworkInterfaces(t *testing.T) {
	for action, resources := range allowed(t, infratest.Deployed(t, infratest.Outbox), "relay-role-policy") {
		switch {
		case action == "secretsmanager:GetSecretValue" && slices.Equal(resources, []string{"arn:aws:service:us-east-1:111122223333:database-app-secret"}):
		case action == "kms:Decrypt", strings.HasPrefix(action, "ec2:"):
		default:
			t.Errorf("relay may %s on %v", action, resources)
		}
	}
}

func TestArmerKnowsWhatTheSchedulesOfRowsNeed(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	arn := "arn:aws:service:us-east-1:111122223333:"
	for key, want := range map[string]string{ // spelt out: it is what the function reads
		"SCHEDULE_GROUP": "schedule-messages-1a2b3c4", "SCHEDULER_ROLE_ARN": arn + "schedule-role", "SENDER_ARN": arn + "sender",
		"UNDELIVERED_QUEUE_ARN": arn + "schedule-undelivered", "SCHEDULE_KEY_ARN": arn + "foundation-key",
		"RELAY_NAME": s.One(t, "relay").Text("name"), "UPDATER_NAME": s.One(t, "updater").Text("name"), "SCHEDULES_PER_SECOND": "800",
	} {
		if got := s.One(t, "armer").Text("environment.variables." + key); got != want || want == "" {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	tries := s.One(t, "outbox-armer-tries")
	if tries.Number("maximumRetryAttempts") != "0" || tries.Number("maximumEventAgeInSeconds") != "60" || tries.Text("destinationConfig") != "" {
		t.Errorf("a round is tried again: %v", tries.Inputs)
	}
}

func TestArmerStaysBelowTheQuotaOfItsRegion(t *testing.T) {
	for region, quota := range map[string]int{"us-east-1": 1000, "eu-west-2": 1000, "ap-northeast-2": 250, "af-south-1": 250, "": 250} {
		if got := config.SchedulesPerSecond(region); got > quota*4/5 || got < quota/2 {
			t.Errorf("%q: %d calls a second, with a quota of %d", region, got, quota)
		}
	}
}

func TestBackendsMayEncryptTheirSchedulesWithTheStacksKeyAndOnlyThem(t *testing.T) {
	s := infratest.Deployed(t)
	using := 0
	for _, st := range s.One(t, "schedule-backend-policy").Statements(t, "policy") {
		if !strings.HasPrefix(st.Action[0], "kms:") {
			continue
		}
		want := map[string]string{scheduleContext: messageSchedules}
		if slices.Equal(st.Action, []string{"kms:DescribeKey"}) { // which has no encryption context
			want = nil
		}
		if !maps.Equal(st.Condition["ArnLike"], want) || st.Condition["StringEquals"]["kms:ViaService"] != "scheduler.us-east-1.amazonaws.com" {
			t.Errorf("%v on %v", st.Action, st.Condition)
		}
		using++
	}
	if using != 2 {
		t.Errorf("%d statements of the key", using)
	}
}
