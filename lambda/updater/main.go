// Command updater writes the outcome of a message into its row. Lambda's destinations invoke it with the sender's result; with
// {} it reports whether it reaches the database. Whoever may invoke it may write a status, so that those who only ask
// invoke the function status.
package main

import "scheduled-messages/lambda/internal/invocation"

func main() { invocation.Start(newHandler) }
