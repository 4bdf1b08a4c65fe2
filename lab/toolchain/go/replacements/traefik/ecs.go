// Package ecs takes the place of Traefik's package of that name, which finds
// services on Amazon ECS and brings the SDKs to do so: a tenth of all there
// would be to compile. The lab's Traefik looks in Kubernetes.
package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// ProviderName is the name in the static configuration.
const ProviderName = "ecs"

// Provider has nothing to configure.
type Provider struct{}

// SetDefaults does nothing.
func (*Provider) SetDefaults() {}

// Init refuses.
func (*Provider) Init() error {
	return errors.New("this build of Traefik has no provider for Amazon ECS")
}

// Provide does nothing.
func (*Provider) Provide(chan<- dynamic.Message, *safe.Pool) error { return nil }
