package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// sign sets a request's headers for the message's id, the time and the signatures of both kinds, one for each key. All
// are HMAC-SHA256.
//   - Webhook-Id, Webhook-Timestamp, Webhook-Signature: Standard Webhooks. Signed is "id.time.body".
//   - X-Signature: t=TIME,v1=HEX, of earlier releases, with one v1 for each key. Signed is "time.body".
//
// The host is not signed: it has keys of its own.
func sign(header http.Header, keys [][]byte, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var standard []string
	own := "t=" + timestamp
	for _, key := range keys {
		standard = append(standard, "v1,"+base64.StdEncoding.EncodeToString(sum(key, id+"."+timestamp+".", body)))
		own += ",v1=" + hex.EncodeToString(sum(key, timestamp+".", body))
	}
	header.Set("Idempotency-Key", id)
	header.Set("Webhook-Id", id)
	header.Set("Webhook-Timestamp", timestamp)
	header.Set("Webhook-Signature", strings.Join(standard, " "))
	header.Set("X-Signature", own)
}

func sum(key []byte, prefix string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(prefix))
	mac.Write(body)
	return mac.Sum(nil)
}
