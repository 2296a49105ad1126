// Package delivery makes the way of a message: the sender, its destinations, the updater, the function that answers what became
// of
// a message, schedules and heartbeats.
package delivery
