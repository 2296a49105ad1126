package main

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/dbuser"
)

func TestTheAppUserIsSetWhateverPasswordItHas(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		c.Server.SetPassword(t, "app", "of-nobody-knows-where")
		token := c.Token()
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, token, invoke(t.Context(), inProcess(t, c))); err != nil {
			t.Fatal(err)
		}
		c.CheckRotated(t, lambdatest.AppSecretARN, token, lambdatest.AppPassword)
	})
}

func TestTheMasterUserIsSetFromAnyPasswordThatAVersionHolds(t *testing.T) {
	for _, stage := range []string{contract.StagePrevious, contract.StageFirst} {
		t.Run(stage, func(t *testing.T) {
			rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
				for range 2 { // so that current, previous and first are three versions
					if err := c.Secrets.Rotate(lambdatest.AdminSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil {
						t.Fatal(err)
					}
				}
				lost := c.Password(t, lambdatest.AdminSecretARN, contract.StageCurrent)
				now := c.Server.Open(t, mysqltest.AdminUser, lost, "")
				if _, err := now.Exec("ALTER USER admin@'%' IDENTIFIED BY '" + c.Password(t, lambdatest.AdminSecretARN, stage) + "'"); err != nil {
					t.Fatal(err)
				}
				token := c.Token()
				if err := c.Secrets.Rotate(lambdatest.AdminSecretARN, token, invoke(t.Context(), inProcess(t, c))); err != nil {
					t.Fatal(err)
				}
				c.CheckRotated(t, lambdatest.AdminSecretARN, token, lost)
			})
		})
	}
}

func TestAMasterUserWithAnUnknownPasswordIsAnErrorThatNamesTheFix(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	c.Put(lambdatest.AdminSecretARN, "Unmistakable-2")
	err := c.Secrets.Rotate(lambdatest.AdminSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c)))
	if err == nil || !strings.Contains(err.Error(), "setSecret") || !strings.Contains(err.Error(), "modify-db-cluster") ||
		strings.Contains(err.Error(), "Unmistakable") {
		t.Errorf("got %v", err)
	}
	if got := c.Password(t, lambdatest.AdminSecretARN, contract.StageCurrent); got != "Unmistakable-2" {
		t.Error("a version became the current one whose password was not set")
	}
}

func TestAnAppUserThatTheMigratorHasNotMadeIsAnError(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		c.Server.Exec(t, "DROP USER app@'%'")
		err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c)))
		if err == nil || !strings.Contains(err.Error(), "a user that the migrator makes") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheMasterUserIsNeverTakenForTheApps(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		c.Secrets.Put(lambdatest.AppSecretARN, rotationtest.SecretJSON(mysqltest.AdminUser, lambdatest.AppPassword))
		err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c)))
		if err == nil || !strings.Contains(err.Error(), "is the master user") || !c.Accepts(t, mysqltest.AdminUser, mysqltest.AdminPassword) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAPendingVersionOfAnotherUserIsRefused(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	r := inProcess(t, c)
	c.Server.CreateUser(t, "other", "others")
	token := pend(t, c, r, lambdatest.AppSecretARN)
	if err := r.secrets.put(t.Context(), event{SecretID: lambdatest.AppSecretARN, ClientRequestToken: token, RotationToken: "of-the-rotation"},
		rotationtest.SecretJSON("other", "of-another-user")); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"setSecret", "finishSecret"} {
		err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, token, step))
		if err == nil || !strings.Contains(err.Error(), `is of user "other"`) {
			t.Errorf("%s: got %v", step, err)
		}
	}
	if c.Accepts(t, "other", "of-another-user") {
		t.Error("another user has the password")
	}
}

func TestAMigratorBetweenTwoStepsUndoesNothing(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		r := inProcess(t, c)
		token := pend(t, c, r, lambdatest.AppSecretARN, "createSecret", "setSecret", "testSecret")
		// The migrator sets the current password, which is still the one of before.
		admin := c.Server.Admin(t)
		err := r.cluster.WithLock(t.Context(), admin, slog.New(slog.DiscardHandler), func(ctx context.Context, conn *sql.Conn) error {
			return dbuser.Ensure(ctx, conn, contract.DatabaseSecret{Username: "app", Password: lambdatest.AppPassword}, "messages", dbuser.App())
		})
		if err != nil || !c.Accepts(t, "app", lambdatest.AppPassword) {
			t.Fatal(err)
		}
		if err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, token, "finishSecret")); err != nil {
			t.Fatal(err)
		}
		c.CheckRotated(t, lambdatest.AppSecretARN, token, lambdatest.AppPassword)
	})
}

func TestNoMigratorRunsBetweenTheLastCheckAndTheLabel(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		admin := c.Server.Admin(t)
		var free []int64
		c.Secrets.Watch = func(operation string, _ bool) {
			if operation != "UpdateSecretVersionStage" {
				return
			}
			var got int64
			if err := admin.QueryRow("SELECT IS_FREE_LOCK(name) FROM scheduled_messages_maintenance.lock_name").Scan(&got); err != nil {
				t.Error(err)
			}
			free = append(free, got)
		}
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil {
			t.Fatal(err)
		}
		if len(free) != 2 || free[0] != 0 || free[1] != 0 {
			t.Errorf("while the label moved, the lock was free: %v", free)
		}
	})
}

func TestTheServerNeverSeesAPassword(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		before := len(c.Server.GeneralLog(t)) // the fixture's own statements hold passwords
		for arn := range users {
			if err := c.Secrets.Rotate(arn, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil {
				t.Fatal(err)
			}
		}
		log := strings.Join(c.Server.GeneralLog(t)[before:], "\n")
		for arn := range users {
			for _, label := range []string{contract.StageCurrent, contract.StagePrevious} {
				if strings.Contains(log, c.Password(t, arn, label)) {
					t.Errorf("the server was sent the password of %s, %s", users[arn], label)
				}
			}
		}
		if strings.Count(log, "ALTER USER") != 2 {
			t.Errorf("not two changes in %s", log)
		}
	})
}
