package config

import (
	"regexp"
	"slices"
	"strings"
)

// Key is a row of the table of keys: another key is a row, a field of Config and a default in Pulumi.yaml. Its texts are the one
// source of the error about a wrong value, of the descriptions in Pulumi.yaml and of the table in docs/configuration.md.
type Key struct {
	Name    string
	Summary string // what it sets
	Allowed string // what a value must be, with units
	Note    string // what else a user has to know, in sentences of Markdown; empty: nothing

	set func(c *Config, value string) error // parses the value into its field
}

// Keys are all of them, in the order of the documents.
func Keys() []Key {
	return slices.Concat(networkKeys, clusterKeys, proxyKeys, functionKeys, channelKeys(), deliveryKeys, tableKeys, externalKeys,
		operationKeys, existingKeys)
}

// to sets a field from a value that a function parses.
func to[T any](field func(*Config) *T, parse func(string) (T, error)) func(*Config, string) error {
	return func(c *Config, value string) error {
		parsed, err := parse(value)
		if err != nil {
			return err
		}
		*field(c) = parsed
		return nil
	}
}

// Markdown describes the key in a cell of a table.
func (k Key) Markdown() string {
	text := strings.ToUpper(k.Summary[:1]) + k.Summary[1:] + ". Must be " + k.Allowed + "."
	if k.Note != "" {
		text += " " + k.Note
	}
	return text
}

var (
	pageLink = regexp.MustCompile(`\[[^\]]*\]\((\w[^)/:]*\.md)\)`)
	link     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// Description describes the key in Pulumi.yaml: the same text without Markdown.
func (k Key) Description() string {
	text := pageLink.ReplaceAllString(k.Markdown(), "docs/$1")
	return strings.ReplaceAll(link.ReplaceAllString(text, "$1"), "`", "")
}
