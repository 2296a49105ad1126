package infra

import "strings"

// auroraVersion is what follows from the major version of Aurora MySQL.
type auroraVersion struct {
	family     string // of the parameter group, which cannot be changed: another version has another group
	parameters string // logical name of that group, after the database's
	// clientAuth is what RDS Proxy asks of its clients: the plugin of the users that the migrator makes, which is the
	// server's default. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
	clientAuth string
	upgraded   bool // a cluster of the version before becomes one of this
}

// aurora is that of the version in the configuration. Version 3 makes users of mysql_native_password and cannot do
// otherwise; 8.4 has authentication_policy at *:caching_sha2_password.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Upgrade-v3-v84-security.html
func (c *Config) aurora() auroraVersion {
	if strings.HasPrefix(c.EngineVersion, "8.4.") {
		return auroraVersion{family: "aurora-mysql8.4", parameters: "parameters-8-4", clientAuth: "MYSQL_CACHING_SHA2_PASSWORD", upgraded: true}
	}
	return auroraVersion{family: "aurora-mysql8.0", parameters: "parameters", clientAuth: "MYSQL_NATIVE_PASSWORD"}
}
