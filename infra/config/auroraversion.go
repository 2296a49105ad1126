package config

import "strings"

// auroraVersion is what follows from the major version of Aurora MySQL.
type auroraVersion struct {
	Family     string // of the parameter group, which cannot be changed: another version has another group
	Parameters string // logical name of that group, after the database's
	// ClientAuth is what RDS Proxy asks of its clients: the plugin of the users that the migrator makes, which is the
	// server's default. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
	ClientAuth string
	Upgraded   bool // a cluster of the version before becomes one of this
}

// Aurora is that of the version in the configuration. Version 3 makes users of mysql_native_password and cannot do
// otherwise; 8.4 has authentication_policy at *:caching_sha2_password.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Upgrade-v3-v84-security.html
func (c *Config) Aurora() auroraVersion {
	if strings.HasPrefix(c.EngineVersion, "8.4.") {
		return auroraVersion{
			Family:     "aurora-mysql8.4",
			Parameters: "parameters-8-4",
			ClientAuth: "MYSQL_CACHING_SHA2_PASSWORD",
			Upgraded:   true,
		}
	}
	return auroraVersion{Family: "aurora-mysql8.0", Parameters: "parameters", ClientAuth: "MYSQL_NATIVE_PASSWORD"}
}
