# The most frequent commands. The others are npm scripts, see CONTRIBUTING.md.

# Node decodes \ in a path, and replaces * with the match of an export pattern.
ifneq ($(findstring \,$(CURDIR))$(findstring *,$(CURDIR)),)
$(error Node cannot run in a folder with \ or * in its name. Rename the folder, then start again)
endif

# The shell expands $PWD, not make: make would expand a $ in the name of the folder.
path = PATH="$$PWD/node_modules/.bin:$$PATH"
node = $(path) exec node_modules/.bin/node
installed = node_modules/.package-lock.json

# Settings of Node and npm that the user has for other projects have no effect here, except those
# for the registry, proxy, cache and certificates. Put NODE_OPTIONS for the services into .env.
way = registry REGISTRY proxy PROXY noproxy NOPROXY cafile CAFILE cache CACHE offline OFFLINE \
  https_proxy https-proxy HTTPS_PROXY strict_ssl strict-ssl STRICT_SSL userconfig USERCONFIG \
  globalconfig GLOBALCONFIG prefer_offline prefer-offline PREFER_OFFLINE maxsockets MAXSOCKETS \
  ca CA fetch_% fetch-% FETCH_% _auth% _AUTH%
unexport NODE_OPTIONS NODE_PATH CDPATH $(filter-out $(foreach prefix,npm_config_ NPM_CONFIG_, \
  $(addprefix $(prefix),$(way))),$(filter npm_config_% NPM_CONFIG_%,$(.VARIABLES)))

.PHONY: help run dev test test-long check reset

help:
	@echo 'make run     start everything and stay in the foreground; Ctrl-C ends it'
	@echo 'make dev     the same, each part with its own log, and reload on change'
	@echo 'make test    run all tests; some: make test FILES="apps/order/test/create-order.test.ts"'
	@echo 'make test-long  run the tests with chance and many rounds in them'
	@echo 'make check   lint, types, contracts, generated files, boundaries'
	@echo 'make reset   wipe the data of make run'

run: $(installed)
	@$(node) infra/local/run.ts

dev: $(installed)
	@$(path) exec node_modules/.bin/turbo run dev

# A test that needs NODE_ENV=production sets it itself.
test: $(installed)
	@NODE_ENV= $(node) infra/local/test.ts $(FILES)

test-long: $(installed)
	@NODE_ENV= $(node) infra/local/test.ts --long

check: $(installed)
	@$(path) npm run check

reset: $(installed)
	@$(node) infra/local/reset.ts

# After an install without scripts or without development packages, Node is missing: install again.
ifneq ($(shell test -x node_modules/.bin/node && echo complete),complete)
.PHONY: $(installed)
endif

# These options override the user's .npmrc.
complete = --include=dev --include=optional --include=peer --ignore-scripts=false --bin-links \
  --install-strategy=hoisted --global=false --location=project --dry-run=false --package-lock-only=false
quiet = --no-audit --no-fund --no-update-notifier --loglevel=error

# npm writes this file at the end of an install, so an interrupted install is repeated. npm's cache
# is in the user's home, which may be missing or not writable.
$(installed): package-lock.json
	@command -v npm >/dev/null && command -v node >/dev/null || \
	  { echo 'Node with npm is missing. Install Node 20 or newer, which brings npm.' >&2; exit 1; }
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || \
	  { echo "Node $$(node -v) is too old. Install Node 20 or newer." >&2; exit 1; }
	@echo 'Installing packages ...'
	@export HOME="$${HOME:-/dev/null}"; cache=$${npm_config_cache:-$$HOME/.npm}; \
	  { mkdir -p "$$cache" && test -w "$$cache"; } 2>/dev/null || \
	  export npm_config_cache="$$PWD/.local/npm-cache"; \
	  npm ci $(complete) $(quiet)
	@test -x node_modules/.bin/node || { echo 'npm did not install Node. Delete node_modules,' \
	  'then check your .npmrc for a setting that forbids install scripts.' >&2; exit 1; }
	@touch $@
