package endpoint

import (
	"net/http"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// metrics asks CloudWatch in the protocol of today's SDKs.
func (c *client) metrics(operation string, input any) (int, map[string]any) {
	c.t.Helper()
	body, err := cbor.Marshal(input)
	if err != nil {
		c.t.Fatal(err)
	}
	status, answer := c.do("monitoring", http.MethodPost, "/service/GraniteServiceVersion20100801/operation/"+operation,
		http.Header{"Content-Type": {"application/cbor"}, "Smithy-Protocol": {"rpc-v2-cbor"}}, string(body))
	var output map[string]any
	if err := cbor.Unmarshal([]byte(answer), &output); err != nil {
		c.t.Fatalf("%s: %d %v: %s", operation, status, err, answer)
	}
	return status, output
}

func cloudWatchSpeaksCBOR(c *client) {
	status, output := c.metrics("PutMetricAlarm", map[string]any{"AlarmName": "undelivered-messages", "MetricName": "Messages", "Namespace": "AWS/SQS",
		"Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 0.5, "ComparisonOperator": "GreaterThanThreshold"})
	if status != http.StatusOK {
		c.t.Fatalf("%d %v", status, output)
	}
	_, output = c.metrics("DescribeAlarms", map[string]any{"AlarmNames": []string{"undelivered-messages"}})
	alarms, _ := output["MetricAlarms"].([]any)
	if len(alarms) != 1 {
		c.t.Fatalf("alarms %v", output)
	}
	alarm := alarms[0].(map[any]any)
	if period, ok := alarm["Period"].(uint64); !ok || period != 60 {
		c.t.Errorf("the period is %T %v", alarm["Period"], alarm["Period"])
	}
	if alarm["Threshold"] != 0.5 {
		c.t.Errorf("the threshold is %v", alarm["Threshold"])
	}
	if updated, ok := alarm["StateUpdatedTimestamp"].(time.Time); !ok || time.Since(updated) > 24*time.Hour {
		c.t.Errorf("the time is %T %v", alarm["StateUpdatedTimestamp"], alarm["StateUpdatedTimestamp"])
	}
	status, output = c.metrics("GetDashboard", map[string]any{"DashboardName": "none"})
	if status < 400 || output["__type"] == nil {
		c.t.Errorf("an error comes as %d %v", status, output)
	}
	if status, output = c.metrics("DescribeAlarmHistory", map[string]any{}); status < 500 || output["__type"] != "InternalFailure" {
		c.t.Errorf("what moto lacks comes as %d %v", status, output)
	}
}
