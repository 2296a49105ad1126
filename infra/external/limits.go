package external

// Limits keep one client address from taking every connection of an HAProxy, or from getting HAProxy's own address blocked by
// the database. The ranges of externalAllowedCidrs are one trust domain all the same: two addresses can fill it.
type Limits struct {
	Direct   int // connections to the database that every address may take
	Overflow int // connections to the database for addresses that have more than their share; others wait for these
	Share    int // connections of one address before it goes to the overflow

	PerAddress int // connections of one address, in service and waiting; more are refused
	PerMinute  int // new connections of one address in a minute; more are refused
}

// NewLimits divides the most connections that one HAProxy may open to the database.
//
// Held at once: one address gets three quarters of them at most, half directly and a quarter in the overflow. A quarter is left
// to the others, whatever it does: a connection that never logs in holds its place until the server's connect_timeout.
//
// Opened in a minute: as many as all of them twice, so that every session that a failover cuts can come back, and at least
// 1,200, for scripts that connect for each statement. A client that leaves before it has logged in counts as a connect error
// of HAProxy's address, and the first login of anybody sets the count to zero. At 20 a second the stack's max_connect_errors of
// 1,000,000 takes 14 hours without a login; at the 100 a second of the greatest cluster, close to 3.
// https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_max_connect_errors
func NewLimits(most int) Limits {
	most = max(2, most) // an overflow of none would be one without a limit
	overflow := max(1, most/4)
	return Limits{
		Direct:     most - overflow,
		Overflow:   overflow,
		Share:      most / 2,
		PerAddress: max(200, most),
		PerMinute:  max(1200, 2*most),
	}
}
