# `make run` and `make test` do all set-up themselves; both are safe to repeat.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

ui := web/ui
ui_sources := $(shell find $(ui)/src $(ui)/public -type f 2>/dev/null) $(wildcard $(ui)/*.html $(ui)/*.json $(ui)/*.ts)

.NOTPARALLEL:
.PHONY: help setup build pages run test lint test-go test-ui demo-reset doctor bench-engine bench-live bench-tickets

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing: packages, switch, Go modules, front-end packages
	@.setup/packages.sh
	@asterisk/install.sh >/dev/null
	@.setup/tools.sh

# Vite empties dist; the kept file lets Go build without a front end.
$(ui)/dist/index.html: $(ui_sources)
	@echo "building the pages" >&2
	@cd $(ui) && npm run --silent build
	@touch $(ui)/dist/.keep $@

pages: $(if $(wildcard $(ui)/package.json),$(ui)/dist/index.html)

build: pages ## Build the front end and the programs into bin/
	@mkdir -p bin
	@go build -o bin/ ./cmd/...

run: setup build ## Start the whole contact centre with its demo city; Ctrl-C stops it
	@exec bin/hotline run

test: ## Do all set-up, then run every check and test
	@.setup/packages.sh
	@asterisk/install.sh >/dev/null
	@.setup/tools.sh test >/dev/null
	@$(MAKE) build lint test-ui test-go

lint: ## Check format and style of Go and TypeScript
	@echo "lint: gofmt, go vet, golangci-lint" >&2
	@unformatted=$$(go list -f '{{.Dir}}' ./... | xargs gofmt -l); \
		[ -z "$$unformatted" ] || { echo "not formatted (run gofmt -w): $$unformatted" >&2; exit 1; }
	@go vet ./...
	@$$(.setup/tools.sh test) run --timeout 15m
	@if [ -e $(ui)/package.json ]; then \
		echo "lint: biome, tsc" >&2; \
		cd $(ui) && npm run --silent lint && npm run --silent typecheck; fi

test-go: ## Run the Go tests (real switch, database, store and browser)
	@go test -race -p 1 -timeout 30m ./...

test-ui: ## Run the front end's tests
	@if [ -e $(ui)/package.json ]; then cd $(ui) && npm test --silent; fi

demo-reset: build ## Forget all data of the demo; the next `make run` loads it anew
	@bin/hotline demo-reset

doctor: build ## Check every part and say what to do about each one that fails
	@bin/hotline doctor

bench-engine: build ## Measure the routing engine against its aims
	@bin/hotline simulate bench

bench-live: build ## Measure the way of a screen pop to the page against its aim
	@bin/hotline bench live

bench-tickets: build ## Measure the desk on a loaded city (CITY=300k, or 3m with 60 GB of free disk)
	@bin/hotline bench tickets
