// Package database makes the Aurora MySQL cluster, its users' secrets, their rotation, the migration and RDS Proxy.
package database
