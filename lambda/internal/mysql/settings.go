package mysql

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"scheduled-messages/lambda/contract"
)

// Server is a database on a server.
type Server struct {
	Host string
	Port int
	Name string // the database's
}

// Settings are a function's environment variables DB_*.
type Settings struct {
	Server          Server
	AppSecretARN    string        // of the user that writes statuses
	ReaderSecretARN string        // of the user that only reads; empty: there is no such user
	AdminSecretARN  string        // of the master user
	MaxIdle         time.Duration // how long a connection may be idle
	Shared          bool          // the server is not the stack's own
}

// ReadSettings reads the variables. Those of the server are always required, the others if their names are given. Its error
// names every variable that is missing or wrong.
func ReadSettings(getenv func(string) string, required ...string) (Settings, error) {
	s := Settings{
		Server:          Server{Host: getenv(contract.EnvDBHost), Name: getenv(contract.EnvDBName)},
		AppSecretARN:    getenv(contract.EnvDBSecretARN),
		ReaderSecretARN: getenv(contract.EnvDBReaderSecretARN),
		AdminSecretARN:  getenv(contract.EnvDBAdminSecretARN),
	}
	var problems []error
	switch value := getenv(contract.EnvDBShared); value {
	case "", "true":
		s.Shared = value == "true"
	default:
		problems = append(problems, fmt.Errorf("%s is %q: must be true, or not set", contract.EnvDBShared, value))
	}
	number := func(name, unit string) int {
		value, err := strconv.ParseUint(getenv(name), 10, 16)
		if err != nil || value == 0 {
			problems = append(problems, fmt.Errorf("%s is %q: must be %s, 1 to 65535", name, getenv(name), unit))
		}
		return int(value)
	}
	s.Server.Port = number(contract.EnvDBPort, "a port")
	for _, name := range append([]string{contract.EnvDBHost, contract.EnvDBName}, required...) {
		switch {
		case name == contract.EnvDBMaxIdleSeconds:
			s.MaxIdle = time.Duration(number(name, "a number of seconds")) * time.Second
		case getenv(name) == "":
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	return s, errors.Join(problems...)
}
