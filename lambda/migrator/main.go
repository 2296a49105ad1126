// Command migrator creates the database's tables and the application's users. `pulumi up` invokes it, with any
// event, when the migrations, the users' privileges or the secrets have changed.
package main

import "scheduled-messages/lambda/internal/invocation"

func main() { invocation.Start(newHandler) }
