// Package pages holds the tests of the documents, and of the commands and workflows in them.
package pages
