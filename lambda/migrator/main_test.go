package main

import (
	"testing"

	"scheduled-messages/lambda/mysqltest"
)

func TestMain(m *testing.M) { mysqltest.Main(m) }
