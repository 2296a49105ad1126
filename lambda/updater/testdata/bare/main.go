// Command bare runs an UPDATE over a TLS connection that it keeps, without a secret, a record or a second try: a
// floor for what the updater costs.
package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-sql-driver/mysql"
)

type handler struct {
	db    *sql.DB
	count int
}

func (h *handler) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	h.count++
	_, err := h.db.ExecContext(ctx, "UPDATE messages SET status = 'SENT', provider_id = ? WHERE id = 'bare'", strconv.Itoa(h.count))
	return []byte("{}"), err
}

func main() {
	config := mysql.NewConfig()
	config.User, config.Passwd, config.DBName = os.Getenv("USER"), os.Getenv("PASSWORD"), os.Getenv("DB_NAME")
	config.Net, config.Addr = "tcp", os.Getenv("DB_HOST")+":"+os.Getenv("DB_PORT")
	config.TLS = &tls.Config{ServerName: os.Getenv("DB_HOST")}
	config.InterpolateParams = true
	connector, err := mysql.NewConnector(config)
	if err != nil {
		os.Exit(1)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	lambda.Start(&handler{db: db})
}
