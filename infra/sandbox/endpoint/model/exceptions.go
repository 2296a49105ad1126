package model

// lookarounds are the patterns with an assertion about what follows or precedes, which Go's expressions do not have:
// a value has to be of the first expression and must not be of the second.
var lookarounds = map[string]struct{ is, not string }{
	// ec2 SecretArn
	`^(?=.{20,2048}$)arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[a-zA-Z0-9/_+=.@-]+`: {
		`arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[a-zA-Z0-9/_+=.@-]+`, `.{1000}.{1000}.{49}.*`},
	// iam accountAliasType
	`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: {`[a-z0-9][a-z0-9-]{1,61}[a-z0-9]`, `.*--.*`},
	// lambda FunctionUrlQualifier, Alias, S3Bucket, CollectionName
	`((?!^\d+$)^[0-9a-zA-Z-_]+$)`:               {`[0-9a-zA-Z-_]+`, `\d+`},
	`(?!^[0-9]+$)([a-zA-Z0-9-_]+)`:              {`[a-zA-Z0-9-_]+`, `[0-9]+`},
	`[0-9A-Za-z\.\-_]*(?<!\.)`:                  {`[0-9A-Za-z\.\-_]*`, `.*\.`},
	`(^(?!(system\x2e)))(^[_a-zA-Z0-9])([^$]*)`: {`[_a-zA-Z0-9][^$]*`, `system\..*`},
	// rds TargetDBClusterParameterGroupName
	`[A-Za-z](?!.*--)[0-9A-Za-z-]*[^-]|^default(?!.*--)(?!.*\.\.)[0-9A-Za-z-.]*[^-]`: {
		`[A-Za-z][0-9A-Za-z-]*[^-]|default[0-9A-Za-z-.]*[^-]`, `.*--.*|.*\.\..*`},
	// scheduler Source
	`^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$`: {
		`[/\.\-_A-Za-z0-9].*|\$(\.[\w_-]+(\[(\d+|\*)\])*)*`, `aws\..*`},
	// ssm OpsItemCategory
	`^(?!\s*$).+`: {`.+`, `\s*`},
}

// exceptions are the shapes whose pattern is not held against requests, by service and shape, with the reason.
var exceptions = map[string]string{
	"ssm.StringDateTime": "refers back to its groups, which Go's expressions cannot; no operation of a stack takes one",
}

// excepted reports whether the pattern of a shape is not held against requests.
func (s *Shape) excepted() bool {
	return s.service != nil && exceptions[s.service.Name+"."+s.Name] != ""
}
