# Everything a developer does here has one word. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo run test check bench paint build profile screenshots pictures

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
TOOLS   := $(CURDIR)/.cache/tools
# Where the processor's time goes when answers are taken: the compiler makes that fast. See docs/adr/0031.
PROFILE := cmd/sipas/taking.pgo
LINTER  := $(TOOLS)/golangci-lint-2.15.0

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="	" read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: build ## try it: a database in a temporary folder, example answers, a login; prints the address
	bin/sipas demo

run: build ## start the server with the settings of the environment (SIPAS_...)
	bin/sipas serve

build: ## bin/sipas, one static program
	CGO_ENABLED=0 go build -pgo=$(PROFILE) -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/sipas ./cmd/sipas

test: ## every test on SQLite, Postgres, Redis, Chromium and WebKit; installs what is missing
	@.ci/install
	@.ci/test

check: $(LINTER) ## formatting, vet, tidy modules, linters
	@files=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$files" ] || { echo "gofmt would change:"; echo "$$files"; exit 1; }
	go vet ./...
	go mod tidy -diff
	$(LINTER) run
	@if command -v shellcheck >/dev/null; then shellcheck .ci/*; else echo "shellcheck is not installed: scripts not checked"; fi

bench: ## measure this machine, beside Postgres and Redis themselves; writes docs/benchmarks.md
	@.ci/install
	@.ci/bench

paint: ## measure how soon Chromium paints the designer's page and an operation on it, with a slow processor too
	@.ci/install
	go test ./internal/httpd -run '^$$' -bench TheDesignersPage -benchtime 40x

profile: ## measure anew where time goes when answers are taken; writes cmd/sipas/taking.pgo
	@.ci/install
	@folder=$$(mktemp -d) && .ci/bench --only taking --profiles $$folder --out $$folder/table.md && \
	  go tool pprof -proto -output $(PROFILE) $$folder/*.pb.gz && rm -r $$folder

screenshots: ## artifacts/screenshots: every page of the demo on a phone and a desk, in each language and colour scheme
	@.ci/install
	SIPAS_SCREENSHOTS=$(CURDIR)/artifacts/screenshots CI=true go test -count=1 -run '^Test(Desk|Citizen)PagesSuitEverybody$$' ./internal/httpd

pictures: ## docs/images: the pictures that the documents show, of the demo and of a province that begins
	@.ci/install
	SIPAS_PICTURES=1 CI=true go test -count=1 -run '^TestPicturesOfDocuments$$' ./internal/httpd

# Not in go.mod: the linter's own dependencies are none of the program's.
$(LINTER):
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mv $(TOOLS)/golangci-lint $@
