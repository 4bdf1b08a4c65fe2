# Slipway: the program on a Kubernetes of its own. With a cluster of yours you need none of this, see README.md.

# Which environment: Pulumi.<stack>.yaml.
STACK ?= dev
export STACK

.DEFAULT_GOAL := help
.PHONY: up preview review graph doctor down test soak bench lab lab-down env images clean help

# Words after `make bench` are its arguments, no targets.
ifeq ($(firstword $(MAKECMDGOALS)),bench)
PARTS := $(wordlist 2,9,$(MAKECMDGOALS))
.PHONY: $(PARTS)
$(PARTS): ; @:
endif

up: ## Everything: toolchain, cluster, images, the stack; ends when every URL answers
	@lab/run up

preview: ## What `make up` would change
	@lab/run preview

review: ## What `make up` would change, with the marks a reviewer looks for (ARGS="--html review.html")
	@lab/run slipway review --stack $(STACK) $(ARGS)

graph: ## The stack's topology as Mermaid (ARGS="--format svg --output dev.svg")
	@lab/run slipway graph --stack $(STACK) $(ARGS)

doctor: ## Why something does not work, and what to do
	@lab/run slipway doctor --stack $(STACK) $(ARGS)

down: ## Destroy the stack; the cluster stays
	@lab/run down

test: ## Types, lint, unit and end-to-end tests
	@lab/run test

soak: ## What takes hours: runs killed at random moments, generated configurations, every change under load (ROUNDS=21 CONFIGURATIONS=2000 REQUESTS=30000 ONLY=… SEED=…)
	@lab/run soak

bench: ## Times beside helm and kubectl, and what all examples take at the same time (make bench stack|profile|scale|examples for one)
	@lab/run bench $(PARTS)

lab: ## The cluster with the images, and no stack (ADDONS="loadbalancer metallb metrics registry gateway prometheus sign-in storage pebble cert-manager external-dns" and NODES=3 for more)
	@lab/run lab $(ADDONS)

lab-down: ## Remove the cluster with all stacks and their state; what was built stays
	@lab/run lab-down

env: ## Settings for a shell: eval "$$(make -s env)", then pulumi, kubectl and helm
	@lab/run env

images: ## Build the apps' images (REGISTRY=registry.example.com/lab PUSH=1 to push them)
	@lab/run images

clean: ## lab-down, and remove what was built and downloaded
	@lab/run clean

help: ## This list
	@echo 'make <target> [STACK=dev|staging|prod]'
	@sed -n 's/^\([a-z-]*\): ## \(.*\)/  \1\t\2/p' Makefile | sed 's/\$$\$$/$$/g' | expand -t 12
