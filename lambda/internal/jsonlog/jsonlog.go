// Package jsonlog makes a function's log: one JSON line for each event.
package jsonlog

import (
	"bytes"
	"io"
	"log"
	"log/slog"
)

// New returns a logger of JSON lines. What is printed with package log, as the Lambda library does, comes out as JSON
// lines too, but not the library's copy of an error that a handler returned: the handler has logged it with more.
func New(out io.Writer) *slog.Logger {
	logger := slog.New(slog.NewJSONHandler(out, nil))
	log.SetFlags(0)
	log.SetOutput(others{logger})
	return logger
}

type others struct{ logger *slog.Logger }

// unsolicited begins net/http's line about what a server has sent without being asked, which it quotes.
const unsolicited = "Unsolicited response received on idle HTTP channel"

// Write takes a line. The library prints errors as the JSON that it answers with; the JSON of a panic has a stack trace, and
// was not logged yet. Nothing that a webhook's receiver chooses gets into the log.
func (o others) Write(line []byte) (int, error) {
	if bytes.HasPrefix(line, []byte(unsolicited)) {
		o.logger.Warn(unsolicited)
		return len(line), nil
	}
	if !bytes.HasPrefix(line, []byte(`{"errorMessage":`)) || bytes.Contains(line, []byte(`"stackTrace":`)) {
		o.logger.Error(string(bytes.TrimSpace(line)))
	}
	return len(line), nil
}
