# Everything a newcomer runs. `make demo` and `make test` need Python 3.11+ and the package index, nothing else.
PYTHON ?= python3
BIN := .venv/bin
# The first browser found is used; only where there is none is Debian's installed, with the fonts its pages need.
BROWSERS := chromium chromium-browser google-chrome
APT := $(if $(filter 0,$(shell id -u)),,sudo) apt-get

# Two workers a core: many tests wait for a portal. The longest files begin first, as tests/conftest.py orders them.
WORKERS := $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Every process of a test would compile the whole package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-on lint bench soak install constraints browser replay docs screenshots axe clean

demo: $(BIN)/.installed
	$(BIN)/python -m govcrawl.replica.demo
	$(BIN)/govcrawl index --archive demo/archive

test: $(BIN)/.installed-test browser replay axe
	$(BIN)/pytest -q -m "not soak" $(PARALLEL)

# The tests that ask what day it is, on another day: `make test-on DAY=2028-02-29`; without DAY the date draws one.
test-on: $(BIN)/.installed-test
	$(BIN)/python tests/shifted_clock.py $(DAY) $(PARALLEL)

# The long drills, and the property tests with examples of their own in every run.
soak: $(BIN)/.installed-test browser
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -q -m "soak or hypothesis"

lint: $(BIN)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# `make bench EXTENT=brief` prints the same lines from fewer rounds.
EXTENT ?= full
bench: $(BIN)/.installed-bench
	$(BIN)/python -m benchmarks $(EXTENT)

docs: $(BIN)/.installed
	$(BIN)/govcrawl docs docs
	$(BIN)/python -m benchmarks.accuracy > docs/accuracy.md

# Pictures of every page for the README, taken of the demo's archive.
screenshots: $(BIN)/.installed-test browser demo
	$(BIN)/python docs/screenshots.py demo/archive docs/images

install: $(BIN)/.installed

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "govcrawl needs Python 3.11 or newer: set PYTHON=/path/to/it")'
	$(PYTHON) -m venv .venv

# Every version is that of constraints.txt, so that an installation of today is the same as one of next year.
INSTALL := -m pip install --quiet --constraint constraints.txt --editable

$(BIN)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) '.[browse]'
	touch $@

$(BIN)/.installed-test: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) '.[test]'
	touch $@ $(BIN)/.installed

$(BIN)/.installed-bench: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) '.[bench]'
	touch $@ $(BIN)/.installed-test $(BIN)/.installed

# The newest versions that pyproject.toml and the replay tools allow today, each from an environment made for it.
constraints:
	$(call freeze,'.[bench]',constraints.txt,--all)
	$(call freeze,--requirement tests/replay-requirements.txt,tests/replay-constraints.txt)

define freeze
	$(PYTHON) -m venv --clear build/constraints
	build/constraints/bin/python -m pip install --quiet $(1)
	echo '# Made by `make constraints`: the versions that the Makefile installs.' > $(2)
	build/constraints/bin/python -m pip freeze $(3) --exclude pip --exclude govcrawl >> $(2)
endef

browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null; then \
		echo "No Chromium found: installing Debian's, with Chinese fonts"; \
		$(APT) update -qq && $(APT) install -y -qq chromium fonts-noto-cjk >/dev/null; \
	else \
		echo "No Chromium found: install one (Debian: apt-get install chromium fonts-noto-cjk); its tests are skipped"; \
	fi

# Other people's tools that must open our WACZ files; they pin what Scrapy wants newer, so they live apart.
replay: | $(BIN)/python
	@test -e .venv-replay/.installed || { $(BIN)/python -m venv .venv-replay \
		&& .venv-replay/bin/python -m pip install --quiet --constraint tests/replay-constraints.txt \
			--requirement tests/replay-requirements.txt \
		&& touch .venv-replay/.installed; } || echo "The replay tools cannot be installed here: their tests are skipped"

# The accessibility engine that looks at every page in the tests; its lock file pins version and digest.
AXE := tests/browse/axe
axe:
	@test -e $(AXE)/node_modules/axe-core/axe.min.js \
		|| { command -v npm >/dev/null && npm ci --prefix $(AXE) --no-audit --no-fund --silent; } \
		|| echo "npm is missing or cannot install axe-core: the accessibility tests are skipped"

clean:
	rm -rf .venv .venv-replay $(AXE)/node_modules demo build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
