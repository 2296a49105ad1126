// Package deployer makes the policy of the role that runs `pulumi up`, out of what Pulumi's AWS provider really asked AWS for in
// the lives of stacks that the tests go through, and says whether a policy allows such a request.
package deployer
