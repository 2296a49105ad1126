package webhook

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Sign sets a request's headers for the message's id, the time and the signatures of both kinds, one for each key. All
// are HMAC-SHA256.
//   - Webhook-Id, Webhook-Timestamp, Webhook-Signature: Standard Webhooks. Signed is "id.time.body".
//   - X-Signature: t=TIME,v1=HEX, of earlier releases, with one v1 for each key. Signed is "time.body".
//
// The host is not signed: it has keys of its own.
func Sign(header http.Header, keys [][]byte, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var standard []string
	own := "t=" + timestamp
	for _, key := range keys {
		standard = append(standard, "v1,"+base64.StdEncoding.EncodeToString(sum(key, id+"."+timestamp+".", body)))
		own += ",v1=" + hex.EncodeToString(sum(key, timestamp+".", body))
	}
	header.Set(HeaderIdempotency, id)
	header.Set(HeaderID, id)
	header.Set(HeaderTimestamp, timestamp)
	header.Set(HeaderSignature, strings.Join(standard, " "))
	header.Set(HeaderXSignature, own)
}
