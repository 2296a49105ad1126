package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// Secret is the value of the secret that webhooks are signed with. Every host has keys of its own, so that no
// receiver can sign what another one trusts.
type Secret struct {
	// Master is what a host's key is derived from, unless Keys has an entry for the host. No receiver may know it.
	Master string `json:"master,omitempty"`
	// Keys replace the derived key of single hosts. The names are host:port, as ParseAllowedHosts writes them. While a
	// key changes, the host has two: every message is signed with both. The newest is the first.
	Keys map[string][]string `json:"keys,omitempty"`
	// Key is the form of earlier releases: one key for all hosts without an entry in Keys. Next to Master it signs as a
	// second key, so that receivers may change to their own keys one by one.
	Key string `json:"key,omitempty"`
}

// keyContext keeps the derived keys apart from any other use of the master.
const keyContext = "webhook-key:"

// HostKeys returns the keys that messages to a host (host:port) are signed with, the newest first. Its errors name the
// host and the field, and hold no key.
func (s Secret) HostKeys(host string) ([][]byte, error) {
	for name := range s.Keys {
		if hosts, err := ParseAllowedHosts(name); err != nil || len(hosts) != 1 || hosts[0] != name {
			return nil, fmt.Errorf("keys has the name %.80q: must be host:port in lower case, such as hooks.example.com:443", name)
		}
	}
	texts, own := s.Keys[host]
	if !own && s.Key != "" {
		texts = []string{s.Key}
	}
	var keys [][]byte
	if !own && s.Master != "" {
		if len(s.Master) < MinKeyBytes {
			return nil, fmt.Errorf("master has %d bytes: must be at least %d", len(s.Master), MinKeyBytes)
		}
		keys = append(keys, deriveKey(s.Master, host))
	}
	for _, text := range texts {
		key, err := ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("a key of %s: %w", host, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s has no key: the secret must have a master, or keys with an entry for this host", host)
	}
	return keys, nil
}

// deriveKey returns a host's own key. A receiver that knows it learns neither the master nor another host's key.
func deriveKey(master, host string) []byte {
	mac := hmac.New(sha256.New, []byte(master))
	mac.Write([]byte(keyContext + host))
	return mac.Sum(nil)
}
