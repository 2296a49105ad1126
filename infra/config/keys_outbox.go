package config

import "strconv"

var tableKeys = []Key{
	{
		Name:    "outbox",
		Summary: "whether schedules follow the rows of the table, so that SQL alone schedules, moves and cancels messages",
		Allowed: "true or false",
		Note:    "See [outbox](outbox.md).",
		set:     to(func(c *Config) *bool { return &c.Outbox }, strconv.ParseBool),
	},
	{
		Name:    "retentionDays",
		Summary: "how long rows in a final state are kept",
		Allowed: "0 (indefinitely) or 1 to 3650 days",
		set:     to(func(c *Config) *int { return &c.RetentionDays }, within(0, 3650)),
	},
}
