package main

import (
	"crypto/rand"
	"errors"
	"fmt"

	"scheduled-messages/lambda/contract/webhook"
)

// keyBytes is the length of a new key: what HMAC-SHA256 itself gives.
const keyBytes = 32

func newKey() string {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails
	return webhook.FormatKey(key)
}

// rotate gives a host a new key. Its present one stays until it is retired.
func rotate(secret *webhook.Secret, host string) error {
	keys, err := secret.HostKeys(host)
	if err != nil {
		return err
	} else if len(keys) > 1 {
		return fmt.Errorf("%s has %d keys: retire the old one first", host, len(keys))
	}
	setKeys(secret, host, newKey(), webhook.FormatKey(keys[0]))
	return nil
}

// retire leaves a host its newest key.
func retire(secret *webhook.Secret, host string) error {
	keys, err := secret.HostKeys(host)
	if err != nil {
		return err
	} else if len(keys) == 1 {
		return fmt.Errorf("%s has one key: rotate it first", host)
	}
	setKeys(secret, host, webhook.FormatKey(keys[0]))
	return nil
}

func setKeys(secret *webhook.Secret, host string, keys ...string) {
	if secret.Keys == nil {
		secret.Keys = map[string][]string{}
	}
	secret.Keys[host] = keys
}

// separate adds a master to the form of earlier releases. It is a new one: receivers know the key of all hosts.
func separate(secret *webhook.Secret, _ string) error {
	if secret.Key == "" || secret.Master != "" {
		return errors.New(`the secret is not of an earlier release: it has a "master", or no "key"`)
	}
	secret.Master = newKey()
	return nil
}

// retireKeyOfAll ends what separate began.
func retireKeyOfAll(secret *webhook.Secret, _ string) error {
	if secret.Key == "" || secret.Master == "" {
		return errors.New(`the secret has no "key" next to a "master": separate first, or name a host`)
	}
	secret.Key = ""
	return nil
}
