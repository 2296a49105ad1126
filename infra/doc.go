// Package infra is the Pulumi program: the message path from the schedule to the row. Its packages import each other one way:
// config, foundation, network, database, delivery, external, monitoring, and this one, which puts them together.
package infra
