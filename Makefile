# `make play` and `make test` set everything up by themselves; nothing is asked.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SETUP := $(shell cat pyproject.toml scripts/system-packages | cksum | cut -d' ' -f1)
PLAY := .venv/play-$(SETUP)
DEVELOP := .venv/develop-$(SETUP)

.PHONY: play test check clean

play: $(PLAY)
	@$(BIN)/embouchure play

test: $(DEVELOP)
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check tests

check: $(DEVELOP)
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check

clean:
	rm -rf .venv dist build

$(BIN)/python:
	@scripts/system-packages venv $(PYTHON)
	@echo "Making the virtual environment .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --upgrade pip

$(PLAY): $(BIN)/python
	@scripts/system-packages play
	@echo "Installing Embouchure and what it needs"
	@$(BIN)/python -m pip install -qq --editable .
	@touch $@

$(DEVELOP): $(PLAY)
	@scripts/system-packages test
	@echo "Installing what the tests need"
	@$(BIN)/python -m pip install -qq --editable . --group dev
	@touch $@
