// Package authorization says what a request needs of the caller's IAM policy: actions, each on a resource. AWS documents it in
// the Service Authorization Reference, by which the tables here are made; what no request names and AWS asks for all the same,
// such as iam:PassRole for the role that a function gets, is among it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
package authorization
