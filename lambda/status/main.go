// Command status answers questions, and can write nothing: with {} the database's health and how many messages have each
// status, with {"id":"..."} what became of that message. Its database user may read the one table.
package main

import (
	"scheduled-messages/lambda/internal/invocation"
)

func main() { invocation.Start(newHandler) }
