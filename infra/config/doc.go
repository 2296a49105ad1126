// Package config reads the stack's configuration and checks it: keys, the rules between them, the address plan, the budget of
// connections, the functions' fixed numbers. It makes no resource. Every other package of the program may import it.
package config
