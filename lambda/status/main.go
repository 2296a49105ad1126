// Command status answers questions, and can write nothing: to {} with the database's health and the number of messages of each
// status, to {"id":"..."} with the status of that message. Its database user may read the one table.
package main

import (
	"scheduled-messages/lambda/internal/invocation"
)

func main() { invocation.Start(newHandler) }
