package cloud

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// Schedule is a schedule of EventBridge Scheduler.
type Schedule struct {
	ARN                string `json:"Arn,omitempty"`
	Name               string
	Group              string `json:"GroupName"`
	Expression         string `json:"ScheduleExpression"`
	Timezone           string `json:"ScheduleExpressionTimezone"`
	FlexibleTimeWindow struct {
		Mode    string
		Minutes int `json:"MaximumWindowInMinutes,omitempty"`
	}
	StartDate       float64 `json:",omitempty"` // Unix times in seconds, as all of these
	EndDate         float64 `json:",omitempty"`
	AfterCompletion string  `json:"ActionAfterCompletion"` // NONE or DELETE
	State           string  `json:",omitempty"`            // ENABLED or DISABLED
	KMSKeyARN       string  `json:"KmsKeyArn,omitempty"`
	Created         float64 `json:"CreationDate,omitempty"`
	Modified        float64 `json:"LastModificationDate,omitempty"`
	Target          Target
}

// Target is what a schedule invokes, and how.
type Target struct {
	ARN         string `json:"Arn"`
	RoleARN     string `json:"RoleArn"`
	Input       string
	RetryPolicy struct {
		Attempts int `json:"MaximumRetryAttempts"`
		MaxAge   int `json:"MaximumEventAgeInSeconds"`
	}
	DeadLetters struct {
		ARN string `json:"Arn,omitempty"`
	} `json:"DeadLetterConfig"`
}

// GroupARN is what Scheduler presents as its source when it takes a schedule's role.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (s Schedule) GroupARN() string {
	return strings.Replace(strings.TrimSuffix(s.ARN, "/"+s.Name), ":schedule/", ":schedule-group/", 1)
}

// Schedules lists all schedules, without what they send.
func (c *Client) Schedules(ctx context.Context) ([]Schedule, error) {
	var all []Schedule
	for token := ""; ; {
		var page struct {
			Schedules []Schedule
			NextToken string
		}
		query := url.Values{"MaxResults": {"100"}}
		if token != "" {
			query.Set("NextToken", token)
		}
		if err := c.rest(ctx, "scheduler", http.MethodGet, "/schedules?"+query.Encode(), nil, &page); err != nil {
			return nil, err
		}
		all, token = append(all, page.Schedules...), page.NextToken
		if token == "" {
			return all, nil
		}
	}
}

// Schedule finds a schedule, with all that it has.
func (c *Client) Schedule(ctx context.Context, group, name string) (s Schedule, err error) {
	err = c.rest(ctx, "scheduler", http.MethodGet, schedulePath(group, name), nil, &s)
	return s, err
}

// ScheduleGroup finds the ARN of a group of schedules.
func (c *Client) ScheduleGroup(ctx context.Context, name string) (arn string, err error) {
	var group struct {
		ARN string `json:"Arn"`
	}
	err = c.rest(ctx, "scheduler", http.MethodGet, "/schedule-groups/"+url.PathEscape(name), nil, &group)
	return group.ARN, err
}

// CreateSchedule makes a schedule.
func (c *Client) CreateSchedule(ctx context.Context, s Schedule) error {
	return c.rest(ctx, "scheduler", http.MethodPost, "/schedules/"+url.PathEscape(s.Name), s, nil)
}

// DeleteSchedule deletes a schedule.
func (c *Client) DeleteSchedule(ctx context.Context, group, name string) error {
	return c.rest(ctx, "scheduler", http.MethodDelete, schedulePath(group, name), nil, nil)
}

func schedulePath(group, name string) string {
	return "/schedules/" + url.PathEscape(name) + "?groupName=" + url.QueryEscape(group)
}
