package dataplane

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/lambda/contract"
)

// databases does what RDS does when a cluster is made: its database and its master user are there before anybody can
// connect. The sandbox has one server, so it stands in for the newest cluster.
type databases struct {
	plane *plane
	mu    sync.Mutex
}

// prepare makes what is missing. A rotated password is the functions' own affair and not put back.
func (d *databases) prepare(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	clusters, err := d.plane.cloud.Clusters(ctx)
	if err != nil || len(clusters) == 0 {
		return err
	}
	cluster := clusters[len(clusters)-1]
	mark := filepath.Join(d.plane.options.Folder, "cluster")
	known, err := readFile(mark)
	if err != nil || string(known) == cluster.ResourceID {
		return err
	}
	password, err := d.masterPassword(ctx, cluster.MasterUsername)
	if err != nil || password == "" {
		return err // the secret comes after the cluster
	}
	if err := d.create(ctx, cluster.DatabaseName, cluster.MasterUsername, password); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return writeDurably(mark, []byte(cluster.ResourceID))
}

// masterPassword is in the secret of the master user; RDS itself does not tell it.
func (d *databases) masterPassword(ctx context.Context, user string) (string, error) {
	arns, err := d.plane.cloud.SecretARNs(ctx)
	if err != nil {
		return "", err
	}
	for _, arn := range arns {
		secret, err := d.plane.cloud.Secret(ctx, arn)
		if err != nil {
			continue // it has no value yet
		}
		var value contract.DatabaseSecret
		if json.Unmarshal([]byte(secret.Value), &value) == nil && value.Username == user {
			return value.Password, nil
		}
	}
	return "", nil
}

// create leaves nothing of an older cluster, whose passwords are not this one's.
func (d *databases) create(ctx context.Context, database, user, password string) error {
	db, err := d.plane.options.Database.Open("")
	if err != nil {
		return err
	}
	defer db.Close()
	account := mysqlserver.Quote(user) + "@'%'"
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS `" + database + "`",
		"CREATE DATABASE `" + database + "`",
		"DROP USER IF EXISTS " + account,
		"CREATE USER " + account + " IDENTIFIED BY " + mysqlserver.Quote(password),
		"GRANT ALL PRIVILEGES ON *.* TO " + account + " WITH GRANT OPTION",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
