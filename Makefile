# What a newcomer needs: make run, make test. Everything else is behind npm scripts.

node = PATH="$(CURDIR)/node_modules/.bin:$$PATH" exec node_modules/.bin/node
installed = node_modules/.package-lock.json

.PHONY: help run dev test check reset

help:
	@echo 'make run     start everything and stay in the foreground; Ctrl-C ends it'
	@echo 'make dev     the same, with reload on change'
	@echo 'make test    run all tests; some: make test FILES="apps/order/test/create-order.test.ts"'
	@echo 'make check   lint, types, contracts, generated files, boundaries'
	@echo 'make reset   wipe the data of make run'

run: $(installed)
	@$(node) infra/local/run.ts

dev: $(installed)
	@$(node) infra/local/run.ts --watch

test: $(installed)
	@$(node) infra/local/test.ts $(FILES)

check: $(installed)
	@PATH="$(CURDIR)/node_modules/.bin:$$PATH" npm run check

reset: $(installed)
	@$(node) infra/local/reset.ts

# npm writes this file at the end of an install, so an interrupted one is repeated.
$(installed): package-lock.json
	@command -v npm >/dev/null && command -v node >/dev/null || \
	  { echo 'Node with npm is missing. Install Node 20 or newer, which brings npm.' >&2; exit 1; }
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || \
	  { echo "Node $$(node -v) is too old. Install Node 20 or newer." >&2; exit 1; }
	@echo 'Installing packages ...'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
