// Package lookup asks AWS, before the first resource, for what is not configured, and checks what only AWS knows of the rest.
package lookup
