package rules

const (
	apiSecrets     = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
	invalidSecrets = "InvalidParameterException"
)

var secretsmanager = []Rule{
	{"secretsmanager", "CreateSecret", "Name",
		matching(
			`[A-Za-z0-9/_+=.@-]+`,
			"Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
		),
		"", apiSecrets + "API_CreateSecret.html"},
	{"secretsmanager", "DeleteSecret", "RecoveryWindowInDays",
		between(7, 30), invalidSecrets, apiSecrets + "API_DeleteSecret.html"},
	{"secretsmanager", "DeleteSecret", "",
		exclusive(
			"ForceDeleteWithoutRecovery",
			"RecoveryWindowInDays",
			"You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
		),
		invalidSecrets, apiSecrets + "API_DeleteSecret.html"},
	{"secretsmanager", "CreateSecret PutSecretValue UpdateSecret", "",
		exclusive(
			"SecretString",
			"SecretBinary",
			"You can't specify both a binary secret value and a string secret value in the same secret.",
		),
		invalidSecrets, apiSecrets + "API_PutSecretValue.html"},
	{"secretsmanager", "PutSecretValue", "", aValue, invalidSecrets, apiSecrets + "API_PutSecretValue.html"},
	{"secretsmanager", "PutResourcePolicy ValidateResourcePolicy", "ResourcePolicy",
		resourcePolicy("This resource policy contains invalid Json, or a statement without a principal"),
		"MalformedPolicyDocumentException", apiSecrets + "API_PutResourcePolicy.html"},
	{"secretsmanager", "RotateSecret", "RotationRules",
		exclusive(
			"AutomaticallyAfterDays",
			"ScheduleExpression",
			"You can't specify both AutomaticallyAfterDays and ScheduleExpression.",
		),
		invalidSecrets, apiSecrets + "API_RotationRulesType.html"},
}

func aValue(value any) string {
	if input, ok := value.(map[string]any); ok && input["SecretString"] == nil && input["SecretBinary"] == nil {
		return "You must provide either SecretString or SecretBinary."
	}
	return ""
}
