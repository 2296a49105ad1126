// Package foundation holds what every other piece is made with: the stack's prefix and key, IAM statements and roles, log
// groups, queues, topics, secrets and functions.
package foundation
