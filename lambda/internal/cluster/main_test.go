package cluster

import (
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func TestMain(m *testing.M) { mysqltest.Main(m) }
