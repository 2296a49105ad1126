package rules

const (
	apiKMS    = "https://docs.aws.amazon.com/kms/latest/APIReference/"
	keyPolicy = 32 << 10
)

var kms = []Rule{
	{"kms", "CreateKey PutKeyPolicy", "Policy",
		resourcePolicy("Policy contains a statement with one or more invalid principals, or is not valid JSON."),
		"MalformedPolicyDocumentException", apiKMS + "API_PutKeyPolicy.html"},
	{"kms", "CreateKey PutKeyPolicy", "Policy",
		size(keyPolicy),
		"LimitExceededException", "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html"},
	{"kms", "CreateAlias", "AliasName",
		matching(`alias/.+`, "Alias must start with the prefix \"alias/\"."), "", apiKMS + "API_CreateAlias.html"},
	{"kms", "CreateAlias", "AliasName",
		not(`\Aalias/aws/`, "Aliases that begin with alias/aws/ are reserved for AWS managed keys."),
		"NotAuthorizedException", apiKMS + "API_CreateAlias.html"},
	{"kms", "ScheduleKeyDeletion", "PendingWindowInDays", between(7, 30), "", apiKMS + "API_ScheduleKeyDeletion.html"},
	{"kms", "EnableKeyRotation", "RotationPeriodInDays", between(90, 2560), "", apiKMS + "API_EnableKeyRotation.html"},
}
