package rules

const (
	apiIAM    = "https://docs.aws.amazon.com/IAM/latest/APIReference/"
	quotasIAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"

	// InlineLimit is how many characters without white space the inline policies of a role may have together.
	InlineLimit = 10240

	malformedPolicy = "Syntax errors in policy."
)

var iam = []Rule{
	{"iam", "CreateRole", "AssumeRolePolicyDocument",
		wellFormed("This policy contains invalid Json"), "MalformedPolicyDocument", apiIAM + "API_CreateRole.html"},
	{"iam", "UpdateAssumeRolePolicy PutRolePolicy CreatePolicy CreatePolicyVersion", "PolicyDocument",
		wellFormed(malformedPolicy), "MalformedPolicyDocument", apiIAM + "API_PutRolePolicy.html"},
	{"iam", "CreateRole", "AssumeRolePolicyDocument",
		withoutSpace(2048, "Cannot exceed quota for ACLSizePerRole: 2048"), "LimitExceeded", quotasIAM},
	{"iam", "UpdateAssumeRolePolicy", "PolicyDocument",
		withoutSpace(2048, "Cannot exceed quota for ACLSizePerRole: 2048"), "LimitExceeded", quotasIAM},
	{"iam", "PutRolePolicy", "PolicyDocument",
		withoutSpace(InlineLimit, "Maximum policy size of 10240 bytes exceeded"), "LimitExceeded", quotasIAM},
	{"iam", "CreatePolicy CreatePolicyVersion", "PolicyDocument",
		withoutSpace(6144, "Cannot exceed quota for PolicySize: 6144"), "LimitExceeded", quotasIAM},
}
