// Package monitoring makes the alarms, the topic that they notify, and the dashboard.
package monitoring
