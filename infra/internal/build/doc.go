// Package build compiles the functions into the archives that Lambda takes, the same on every machine.
package build
