package delivery

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// overdueMargin is how long after its last possible attempt a message may take to have its status written, in seconds: Scheduler
// takes up to a minute, and the updater's tries most of the rest.
const overdueMargin = 900

// OverdueSeconds is how long after its time a row may be SCHEDULED before it counts as overdue.
func OverdueSeconds(c *config.Config) int { return c.MaxEventAgeSeconds + overdueMargin }

func overdueAfter(c *config.Config) pulumi.String {
	return pulumi.String(strconv.Itoa(OverdueSeconds(c)))
}
