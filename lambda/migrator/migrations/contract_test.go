package migrations

import (
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// columns are the values of a column of information_schema for each VARCHAR and ENUM of the migrated table.
func columns(t *testing.T, s *mysqltest.Server, kind, column string) map[string]string {
	t.Helper()
	s.Migrated(t, "messages", Files()).Close()
	db := s.Admin(t)
	defer db.Close()
	rows, err := db.Query("SELECT column_name, "+column+" FROM information_schema.columns "+
		"WHERE table_schema = 'messages' AND table_name = 'messages' AND data_type = ?", kind)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var name string
		var value sql.NullString
		if err := rows.Scan(&name, &value); err != nil {
			t.Fatal(err)
		}
		found[strings.ToLower(name)] = value.String
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheColumnsHaveTheWidthsOfTheContract(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		want := map[string]string{}
		for name, width := range contract.ColumnWidths() {
			want[name] = fmt.Sprint(width)
		}
		if got := columns(t, s, "varchar", "character_maximum_length"); !maps.Equal(got, want) {
			t.Errorf("the table has %v, the contract %v", got, want)
		}
	})
}

func TestTheColumnHasTheStatusesOfTheContract(t *testing.T) {
	var quoted []string
	for _, status := range contract.Statuses() {
		quoted = append(quoted, "'"+string(status)+"'")
	}
	want := "enum(" + strings.Join(quoted, ",") + ")"
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		if got := columns(t, s, "enum", "column_type"); !maps.Equal(got, map[string]string{"status": want}) {
			t.Errorf("the table has %v, the contract %s", got, want)
		}
	})
}
