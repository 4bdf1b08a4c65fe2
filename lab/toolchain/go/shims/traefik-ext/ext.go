// Package ext stands in for the module of that name, which Traefik's go.mod
// replaces by a directory of its own repository that is not in its module.
package ext

// HTTP has no extensions.
type HTTP struct{}

// Router has no extensions.
type Router struct{}
