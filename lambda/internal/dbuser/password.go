package dbuser

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"database/sql"
	"encoding/hex"
	"strings"
)

// Authentication plugins.
const (
	nativePassword = "mysql_native_password"
	cachingSHA2    = "caching_sha2_password"
)

// identification is the part of CREATE USER and ALTER USER that sets a password. The server gets what the plugin keeps
// of the password, and not the password, which it would write to its general log, its slow query log and its binary
// log on some version or other. MySQL and MariaDB know WITH ... AS.
func identification(ctx context.Context, conn *sql.Conn, password string) (string, error) {
	plugin, err := DefaultPlugin(ctx, conn)
	if err != nil {
		return "", err
	}
	kept := nativeHash(password)
	if plugin == cachingSHA2 {
		kept = sha2Hash(password, newSalt())
	}
	return "IDENTIFIED WITH " + plugin + " AS '" + kept + "'", nil // no character of either needs escaping
}

// querier is a connection or a pool.
type querier interface {
	QueryContext(ctx context.Context, query string, values ...any) (*sql.Rows, error)
}

// DefaultPlugin is the plugin of users that are created without naming one, which is also that of
// RDS Proxy's clients: mysql_native_password on Aurora MySQL 3, which cannot be changed there, and on MariaDB;
// caching_sha2_password on MySQL 8.4 and 9, unless authentication_policy names another.
// https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_authentication_policy
func DefaultPlugin(ctx context.Context, conn querier) (string, error) {
	rows, err := conn.QueryContext(ctx, "SHOW GLOBAL VARIABLES "+
		"WHERE Variable_name IN ('default_authentication_plugin', 'authentication_policy')")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	plugin := nativePassword // of a server that has neither
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return "", err
		}
		if name == "authentication_policy" { // the first of its factors: *, *:plugin or plugin; it comes first
			first, _, _ := strings.Cut(value, ",")
			value = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(first), "*"), ":")
			if value == "" {
				value = cachingSHA2
			}
		}
		plugin = value
	}
	if plugin != nativePassword { // sha256_password is deprecated, and RDS Proxy knows these two only
		plugin = cachingSHA2
	}
	return plugin, rows.Err()
}

// nativeHash is what the plugin mysql_native_password keeps of a password.
func nativeHash(password string) string {
	once := sha1.Sum([]byte(password))
	twice := sha1.Sum(once[:])
	return "*" + strings.ToUpper(hex.EncodeToString(twice[:]))
}

// newSalt is a salt of characters that need no escaping in any SQL mode.
func newSalt() string {
	salt := make([]byte, sha2SaltLength)
	rand.Read(salt) // which never fails
	for i := range salt {
		salt[i] = cryptAlphabet[salt[i]%byte(len(cryptAlphabet))]
	}
	return string(salt)
}
