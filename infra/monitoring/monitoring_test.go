package monitoring_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/database"
	"scheduled-messages/infra/delivery"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
	"scheduled-messages/lambda/contract"
)

// sourceDimensions are the dimensions' names by source, with every part of the stack there but external access.
func sourceDimensions(t testing.TB) map[string]pulumi.StringMap {
	t.Helper()
	none := pulumi.String("").ToStringOutput()
	args := &monitoring.Args{
		Foundation: &foundation.Foundation{Config: infratest.Loaded(t, nil), Functions: map[string]*foundation.Function{}},
		Database:   &database.Database{ClusterID: none},
		Proxy:      &database.Proxy{Name: none},
		Pipeline: &delivery.Pipeline{
			Unwritten: &foundation.Queue{Name: none},
			Topics:    map[contract.Channel]*foundation.Topic{contract.SNS: {Name: none}},
		},
		Schedule: &delivery.Schedule{Undelivered: &foundation.Queue{Name: none}, GroupName: none},
		Outbox:   &delivery.Outbox{},
		External: &external.External{},
	}
	for _, spec := range config.Functions {
		args.Foundation.Functions[spec.Name] = &foundation.Function{Spec: spec, Name: none}
	}
	all := map[string]pulumi.StringMap{}
	for name, dimensions := range args.Sources() {
		all[name] = dimensions.(pulumi.StringMap)
	}
	return all
}

func TestOnlyThisStacksAlarmsAndThisAccountsEventsPublishToTheirTopic(t *testing.T) {
	s := infratest.Deployed(t)
	statements := s.One(t, "monitoring-alarms-policy").Statements(t, "policy")
	if len(statements) != 3 {
		t.Fatalf("%d statements", len(statements))
	}
	if events := statements[2]; events.Effect != "Allow" || events.Principal["Service"] != "events.rds.amazonaws.com" ||
		!slices.Equal(events.Action, []string{"sns:Publish"}) || events.Condition["StringEquals"]["aws:SourceAccount"] != "111122223333" {
		t.Errorf("%+v", events)
	}
	st := statements[1] // the first refuses plain HTTP
	if st.Effect != "Allow" || st.Principal["Service"] != "cloudwatch.amazonaws.com" || !slices.Equal(st.Action, []string{"sns:Publish"}) ||
		!slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:monitoring-alarms"}) ||
		st.Condition["StringEquals"]["aws:SourceAccount"] != "111122223333" || len(st.Condition) != 2 {
		t.Errorf("%+v", st)
	}
	alarms, found := strings.CutSuffix(st.Condition["ArnLike"]["aws:SourceArn"], "*")
	if !found {
		t.Fatalf("alarms: %s", st.Condition["ArnLike"]["aws:SourceArn"])
	}
	for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
		if arn := "arn:aws:cloudwatch:us-east-1:111122223333:alarm:" + a.Text("name"); !strings.HasPrefix(arn, alarms) {
			t.Errorf("%s would not be heard: its ARN is %s, and the topic takes %s*", a.Name, arn, alarms)
		}
	}
}

func TestAlarmsMayUseTheKeyOfTheirTopicFromThisAccountOnly(t *testing.T) {
	found := 0
	for _, st := range infratest.Deployed(t).One(t, "foundation-key-policy").Statements(t, "policy") {
		if service := st.Principal["Service"]; service != "cloudwatch.amazonaws.com" && service != "events.rds.amazonaws.com" {
			continue
		}
		found++
		want := map[string]map[string]string{"StringEquals": {"aws:SourceAccount": "111122223333"}}
		if st.Principal["Service"] == "events.rds.amazonaws.com" { // which may not name the account
			want = map[string]map[string]string{"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:us-east-1:111122223333:*"}}
		}
		if st.Effect != "Allow" || !slices.Equal(st.Action, []string{"kms:Decrypt", "kms:GenerateDataKey*"}) ||
			!maps.EqualFunc(st.Condition, want, maps.Equal) {
			t.Errorf("%+v", st)
		}
	}
	if found != 2 {
		t.Errorf("%d of CloudWatch and RDS may use the key: the others are not heard", found)
	}
}

func TestAlarmEmailSubscribesToTheTopicAndNobodyDoesWithout(t *testing.T) {
	if names := infratest.Deployed(t).Names(); slices.Contains(names, "monitoring-email") {
		t.Error("somebody is subscribed")
	}
	subscription := infratest.Deployed(t, map[string]string{"alarmEmail": "team@example.com"}).One(t, "monitoring-email")
	for property, want := range map[string]string{
		"protocol": "email", "endpoint": "team@example.com", "topic": "arn:aws:service:us-east-1:111122223333:monitoring-alarms",
	} {
		if got := subscription.Text(property); got != want {
			t.Errorf("%s is %q, want %q", property, got, want)
		}
	}
}

// selects evaluates the two forms of filter pattern that the stack has: { $.field = "value" }, * for anything, and
// { $.field >= 1 }.
func selects(t *testing.T, pattern string, line []byte) bool {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	if parts := regexp.MustCompile(`^\{ \$\.(\w+) >= 1 \}$`).FindStringSubmatch(pattern); parts != nil {
		number, is := fields[parts[1]].(float64)
		return is && number >= 1
	}
	parts := regexp.MustCompile(`^\{ \$\.(\w+) = "([^"]+)" \}$`).FindStringSubmatch(pattern)
	if parts == nil {
		t.Fatalf("pattern %s", pattern)
	}
	value, _ := fields[parts[1]].(string)
	like := "^" + strings.ReplaceAll(regexp.QuoteMeta(parts[2]), `\*`, ".*") + "$"
	return regexp.MustCompile(like).MatchString(value)
}

// TestFiltersCountTheLinesOfUpdaterAndStatus takes the lines apart as CloudWatch does; that the functions write them so are
// tests next to them.
func TestFiltersCountTheLinesOfUpdaterAndStatus(t *testing.T) {
	timedOut := &mysql.MySQLError{Number: 9501, SQLState: [5]byte{'H', 'Y', '0', '0', '0'}, Message: "Timed-out waiting to acquire database connection"}
	for _, test := range []struct {
		function, msg, reason string
		counted               []string
	}{
		{"updater", contract.LogDone, "", nil},
		{"updater", "failed", "dial tcp 10.0.0.1:3306: i/o timeout", nil},
		{"updater", "failed", "update: " + timedOut.Error(), []string{"borrow-timeouts"}},
		{"updater", contract.LogUnhealthy, "Error 1040 (08004): Too many connections", []string{"unhealthy"}},
		{"updater", contract.LogUnhealthy, timedOut.Error(), []string{"unhealthy", "borrow-timeouts"}},
		{"status", contract.LogDone, "", nil},
		{"status", contract.LogRefused, "", nil}, // what a caller asks by mistake
		{"status", contract.LogUnhealthy, timedOut.Error(), []string{"status-unhealthy"}},
		{"sender", contract.LogUnhealthy, timedOut.Error(), nil},
	} {
		var line bytes.Buffer
		slog.New(slog.NewJSONHandler(&line, nil)).Error(test.msg, contract.LogError, test.reason)
		var counted []string
		for _, filter := range deployedFilters(t) {
			if strings.HasSuffix(filter.Text("logGroupName"), "-"+test.function) && selects(t, filter.Text("pattern"), line.Bytes()) {
				counted = append(counted, strings.TrimSuffix(strings.TrimPrefix(filter.Name, "monitoring-"), "-filter"))
			}
		}
		if !slices.Equal(slices.Sorted(slices.Values(counted)), slices.Sorted(slices.Values(test.counted))) {
			t.Errorf("%s: counted by %v, want %v", line.Bytes(), counted, test.counted)
		}
	}
}

// TestOverdueRowsAreCountedByTheNumberInTheLine is of the updater's heartbeat, with or without the infratest.Outbox, and of relay's rounds.
func TestOverdueRowsAreCountedByTheNumberInTheLine(t *testing.T) {
	for changes, functions := range map[string][]string{"false": {"updater"}, "true": {"relay", "updater"}} {
		var counting []string
		for _, filter := range infratest.Deployed(t, map[string]string{"outbox": changes}).Of(t, "cloudwatch/logMetricFilter:LogMetricFilter") {
			if filter.Text("metricTransformation.name") != "Overdue" {
				continue
			}
			counting = append(counting, filter.Text("logGroupName")[strings.LastIndexByte(filter.Text("logGroupName"), '-')+1:])
			if got := filter.Text("metricTransformation.value"); got != "$.overdue" {
				t.Errorf("%s publishes %q", filter.Name, got)
			}
			for line, want := range map[string]bool{
				`{"msg":"done","overdue":3}`: true, `{"msg":"done","overdue":0}`: false, `{"msg":"done"}`: false,
			} {
				if selects(t, filter.Text("pattern"), []byte(line)) != want {
					t.Errorf("%s: %s is counted: %v", filter.Name, line, !want)
				}
			}
		}
		if slices.Sort(counting); !slices.Equal(counting, functions) {
			t.Errorf("outbox %s: overdue rows are counted by %v", changes, counting)
		}
	}
}

func deployedFilters(t *testing.T) []*infratest.Resource {
	return infratest.Deployed(t).Of(t, "cloudwatch/logMetricFilter:LogMetricFilter")
}

func TestDashboardURLLeadsToThePartitionsConsole(t *testing.T) {
	for partition, want := range map[string]string{
		"aws":        "https://console.aws.amazon.com/cloudwatch/home?region=here#dashboards/dashboard/name",
		"aws-cn":     "https://console.amazonaws.cn/cloudwatch/home?region=here#dashboards/dashboard/name",
		"aws-us-gov": "https://console.amazonaws-us-gov.com/cloudwatch/home?region=here#dashboards/dashboard/name",
		"aws-iso":    "",
	} {
		out := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
		got := make(chan string, 1)
		monitoring.DashboardURL(&foundation.Foundation{Partition: out(partition), Region: out("here")}, out("name")).ApplyT(func(url string) string {
			got <- url
			return url
		})
		if url := <-got; url != want {
			t.Errorf("%s: %s", partition, url)
		}
	}
}
