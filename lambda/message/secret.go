package message

// DatabaseSecret is the value of a database user's secret, with the keys that RDS itself writes.
type DatabaseSecret struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Engine   string `json:"engine"`
	Host     string `json:"host"` // the cluster's writer endpoint
	Port     int    `json:"port"`
	DBName   string `json:"dbname"`
}

// WebhookSecret is the value of the secret that webhooks are signed with.
type WebhookSecret struct {
	Key string `json:"key"` // of HMAC-SHA256
}
