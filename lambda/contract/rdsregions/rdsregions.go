// Package rdsregions names the Regions whose RDS servers the functions can verify, for the program, which checks its
// configuration with it.
package rdsregions

import (
	"scheduled-messages/lambda/internal/tlsroots"
)

// All are the Regions of the certificates that are built into the functions, sorted.
func All() []string { return tlsroots.Regions() }
