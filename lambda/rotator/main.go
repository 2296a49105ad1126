// Command rotator gives the database's users new passwords. Secrets Manager invokes it once for each of its four
// steps: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
// The stack's schedule invokes it with {}, to check that the server accepts the current passwords.
package main

import "scheduled-messages/lambda/internal/invocation"

func main() { invocation.Start(newHandler) }
