# Prints each failed test of `go test -v` with what it printed itself.
/^=== (RUN|CONT|NAME) / { at = package SUBSEP $3; next }
/^ *--- FAIL: / { failed[++count] = package SUBSEP $3; name[count] = $0 }
/^(ok|FAIL|[?])[ \t]/ { package++; at = "" }
at != "" && !/^ *(=== |--- )/ { said[at] = said[at] $0 "\n" }
END { for (i = 1; i <= count; i++) printf "%s\n%s", name[i], said[failed[i]] }
