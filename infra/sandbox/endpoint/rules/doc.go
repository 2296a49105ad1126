// Package rules are what only AWS's documentation says about requests, as one table: what the service models of package
// model do not hold, each row with the page that says it.
package rules
