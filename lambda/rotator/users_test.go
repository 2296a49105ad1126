package main

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/dbuser"
)

func TestTheAppUserIsSetWhateverPasswordItHas(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		c.server.SetPassword(t, "app", "of-nobody-knows-where")
		token := c.token()
		if err := c.vault.Rotate(appARN, token, handler(t.Context(), c.rotator(t))); err != nil {
			t.Fatal(err)
		}
		c.checkRotated(t, appARN, token, appPass)
	})
}

func TestTheMasterUserIsSetFromAnyPasswordThatAVersionHolds(t *testing.T) {
	for _, stage := range []string{contract.StagePrevious, contract.StageFirst} {
		t.Run(stage, func(t *testing.T) {
			eachKind(t, func(t *testing.T, c *cloud) {
				for range 2 { // so that current, previous and first are three versions
					if err := c.vault.Rotate(adminARN, c.token(), handler(t.Context(), c.rotator(t))); err != nil {
						t.Fatal(err)
					}
				}
				lost := c.password(t, adminARN, contract.StageCurrent)
				now := c.server.Open(t, mysqltest.AdminUser, lost, "")
				if _, err := now.Exec("ALTER USER admin@'%' IDENTIFIED BY '" + c.password(t, adminARN, stage) + "'"); err != nil {
					t.Fatal(err)
				}
				token := c.token()
				if err := c.vault.Rotate(adminARN, token, handler(t.Context(), c.rotator(t))); err != nil {
					t.Fatal(err)
				}
				c.checkRotated(t, adminARN, token, lost)
			})
		})
	}
}

func TestAMasterUserThatNobodyKnowsIsAnErrorThatSaysWhatToDo(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	c.put(adminARN, "Unmistakable-2")
	err := c.vault.Rotate(adminARN, c.token(), handler(t.Context(), c.rotator(t)))
	if err == nil || !strings.Contains(err.Error(), "setSecret") || !strings.Contains(err.Error(), "modify-db-cluster") ||
		strings.Contains(err.Error(), "Unmistakable") {
		t.Errorf("got %v", err)
	}
	if got := c.password(t, adminARN, contract.StageCurrent); got != "Unmistakable-2" {
		t.Error("a version became the current one whose password was not set")
	}
}

func TestAnAppUserThatTheMigratorHasNotMadeIsAnError(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		c.server.Exec(t, "DROP USER app@'%'")
		err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t)))
		if err == nil || !strings.Contains(err.Error(), "whom the migrator makes") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheMasterUserIsNeverTakenForTheApps(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		c.vault.Put(appARN, secretJSON(mysqltest.AdminUser, appPass))
		err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t)))
		if err == nil || !strings.Contains(err.Error(), "is the master user") || !c.accepts(t, mysqltest.AdminUser, mysqltest.AdminPassword) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAPendingVersionOfAnotherUserIsRefused(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	r := c.rotator(t)
	c.server.CreateUser(t, "other", "others")
	token := c.pend(t, r, appARN)
	if err := r.vault.put(t.Context(), event{SecretID: appARN, ClientRequestToken: token, RotationToken: "of-the-rotation"},
		secretJSON("other", "of-another-user")); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"setSecret", "finishSecret"} {
		err := r.handle(t.Context(), event{Step: step, SecretID: appARN, ClientRequestToken: token})
		if err == nil || !strings.Contains(err.Error(), `is of user "other"`) {
			t.Errorf("%s: got %v", step, err)
		}
	}
	if c.accepts(t, "other", "of-another-user") {
		t.Error("another user has the password")
	}
}

func TestAMigratorBetweenTwoStepsUndoesNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		r := c.rotator(t)
		token := c.pend(t, r, appARN, "createSecret", "setSecret", "testSecret")
		// The migrator sets the current password, which is still the one of before.
		admin := c.server.Admin(t)
		err := r.cluster.Alone(t.Context(), admin, slog.New(slog.DiscardHandler), func(ctx context.Context, conn *sql.Conn) error {
			return dbuser.Ensure(ctx, conn, contract.DatabaseSecret{Username: "app", Password: appPass}, "messages", dbuser.App())
		})
		if err != nil || !c.accepts(t, "app", appPass) {
			t.Fatal(err)
		}
		if err := r.handle(t.Context(), event{Step: "finishSecret", SecretID: appARN, ClientRequestToken: token}); err != nil {
			t.Fatal(err)
		}
		c.checkRotated(t, appARN, token, appPass)
	})
}

func TestNoMigratorComesBetweenTheLastLookAndTheLabel(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		admin := c.server.Admin(t)
		var free []int64
		c.vault.Watch = func(operation string, _ bool) {
			if operation != "UpdateSecretVersionStage" {
				return
			}
			var got int64
			if err := admin.QueryRow("SELECT IS_FREE_LOCK(name) FROM scheduled_messages_maintenance.lock_name").Scan(&got); err != nil {
				t.Error(err)
			}
			free = append(free, got)
		}
		if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t))); err != nil {
			t.Fatal(err)
		}
		if len(free) != 2 || free[0] != 0 || free[1] != 0 {
			t.Errorf("while the label moved, the lock was free: %v", free)
		}
	})
}

func TestTheServerNeverSeesAPassword(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		before := len(c.server.GeneralLog(t)) // the fixture's own statements hold passwords
		for arn := range users {
			if err := c.vault.Rotate(arn, c.token(), handler(t.Context(), c.rotator(t))); err != nil {
				t.Fatal(err)
			}
		}
		log := strings.Join(c.server.GeneralLog(t)[before:], "\n")
		for arn := range users {
			for _, label := range []string{contract.StageCurrent, contract.StagePrevious} {
				if strings.Contains(log, c.password(t, arn, label)) {
					t.Errorf("the server was sent the password of %s, %s", users[arn], label)
				}
			}
		}
		if strings.Count(log, "ALTER USER") != 2 {
			t.Errorf("not two changes in %s", log)
		}
	})
}
