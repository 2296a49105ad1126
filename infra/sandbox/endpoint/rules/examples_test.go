package rules

import (
	"slices"
	"strings"
)

// example are values for a member of an operation's input that AWS accepts and that it refuses.
type example struct {
	service, operation, member string
	good, bad                  []any
}

func values(all ...any) []any { return all }

// long is a text of a number of characters.
func long(n int) string { return strings.Repeat("x", n) }

// in is an input or a structure of members and their values by turns.
func in(pairs ...any) map[string]any {
	members := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i].(string)] = pairs[i+1]
	}
	return members
}

func several(n int) (all []any) {
	for range n {
		all = append(all, in())
	}
	return all
}

const aFunction = "arn:aws:lambda:us-east-1:123456789012:function:sender"

// A policy for a service, and one that is for nobody.
const (
	aPolicy   = `{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}]}`
	forNobody = `{"Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}`
)

// policyOf is a policy of a number of characters without white space.
func policyOf(n int) string {
	const start, end = "{ \"Statement\": [\n\"", "\"] }"
	return start + long(n-len(`{"Statement":[""]}`)) + end
}

var examples = slices.Concat(networkExamples, dataExamples, messagesExamples, operationExamples)
