package contract

import "encoding/json"

// DatabaseSecret is the value of a database user's secret, with the keys that RDS itself writes.
type DatabaseSecret struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Engine   string `json:"engine"`
	Host     string `json:"host"` // the cluster's writer endpoint
	Port     int    `json:"port"`
	DBName   string `json:"dbname"`
}

// UnmarshalJSON reads username and password alone. The functions need nothing else, and a secret that somebody else made for a
// server of theirs may hold the rest in another form, such as the port as a text, or not at all.
func (s *DatabaseSecret) UnmarshalJSON(text []byte) error {
	var login struct{ Username, Password string }
	if err := json.Unmarshal(text, &login); err != nil {
		return err
	}
	*s = DatabaseSecret{Username: login.Username, Password: login.Password}
	return nil
}

// Passwords are of letters, digits and PasswordSpecial: RDS refuses / @ " and space, and these need no escaping in a
// URL or a DSN either.
const (
	PasswordLength  = 32
	PasswordSpecial = "-_.~"
)

// Staging labels of a secret's versions. All but the last are Secrets Manager's own.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
const (
	StageCurrent  = "AWSCURRENT"
	StagePending  = "AWSPENDING"
	StagePrevious = "AWSPREVIOUS"
	StageFirst    = "FIRST" // of the value that the program wrote, which the cluster was made with
)
