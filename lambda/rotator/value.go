package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"math/big"

	"scheduled-messages/lambda/contract"
)

// value is the JSON of a database user's secret.
type value struct {
	secret contract.DatabaseSecret
	fields map[string]json.RawMessage // with those that were added by hand
}

// parse reads a value. The decoder's own errors quote the text, so none of them is passed on.
func parse(text string) (value, error) {
	var v value
	if json.Unmarshal([]byte(text), &v.secret) != nil || json.Unmarshal([]byte(text), &v.fields) != nil {
		return value{}, errors.New("not the JSON of a database secret")
	}
	if v.secret.Username == "" || v.secret.Password == "" {
		return value{}, errors.New("username or password is empty")
	}
	return v, nil
}

// withPassword is the value's JSON with another password and nothing else changed.
func (v value) withPassword(password string) (string, error) {
	quoted, err := json.Marshal(password)
	if err != nil {
		return "", err
	}
	next := map[string]json.RawMessage{}
	for key, field := range v.fields {
		next[key] = field
	}
	next["password"] = quoted
	text, err := json.Marshal(next)
	return string(text), err
}

// newPassword is made as the program makes the first one. It is made here, so that the function needs no permission for
// Secrets Manager's GetRandomPassword, which cannot be limited to a resource.
func newPassword() (string, error) {
	const alphabet = "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "0123456789" + contract.PasswordSpecial
	password := make([]byte, contract.PasswordLength)
	for i := range password {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", err
		}
		password[i] = alphabet[n.Int64()]
	}
	return string(password), nil
}
