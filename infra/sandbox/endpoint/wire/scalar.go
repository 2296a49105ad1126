package wire

import (
	"encoding/base64"
	"strconv"
	"time"

	"scheduled-messages/infra/sandbox/endpoint/model"
)

// scalar reads a text as a value of a type. What it cannot be stays a text, which is malformed.
func scalar(kind, text string) any {
	switch kind {
	case model.Boolean:
		if value, err := strconv.ParseBool(text); err == nil {
			return value
		}
	case model.Integer, model.Long:
		if value, err := strconv.ParseInt(text, 10, 64); err == nil {
			return value
		}
	case model.Float, model.Double, model.BigDecimal:
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			return value
		}
	case model.Blob:
		if value, err := base64.StdEncoding.DecodeString(text); err == nil {
			return value
		}
	case model.Timestamp:
		if value, ok := instant(text); ok {
			return value
		}
	}
	return text
}

// layouts are how times are written as texts: in bodies and forms, and in headers.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02", time.RFC1123, "20060102T150405Z"}

// instant reads a time, which may be a number of seconds since 1970.
func instant(text string) (time.Time, bool) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return seconds1970(seconds), true
	}
	for _, layout := range layouts {
		if value, err := time.Parse(layout, text); err == nil {
			return value, true
		}
	}
	return time.Time{}, false
}

func seconds1970(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)) }
