# make run   sets up, makes a demo world, runs it, and serves its map on this machine
# make test  sets up and passes the tests
# make lint  style, types, direction of imports
# make bench measures beside other engines, for hours, and writes docs/benchmarks.md;
#            of some parts only: make bench ONLY="clusters pages" BOUNDARIES=villages.gpkg
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
ONLY ?= location village_table clusters pockets priority pages map_weight scale nation visit_cards field_plan field_routes outcome_import outcome_posts field_month
BOUNDARIES ?=

.PHONY: run test lint bench clean

$(BIN)/geo-target: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/with-tests: $(BIN)/geo-target
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@

demo/geo-target.toml: | $(BIN)/geo-target
	$(BIN)/geo-target demo demo

run: $(BIN)/geo-target demo/geo-target.toml
	$(BIN)/geo-target run demo/geo-target.toml
	$(BIN)/geo-target serve --config demo/geo-target.toml --port $(PORT)

test: .venv/with-tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: .venv/with-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/with-tests
	$(BIN)/python -m benchmarks.peers
	$(foreach part,$(ONLY),$(BIN)/python -m benchmarks.$(part) --save $(if $(BOUNDARIES), \
		$(if $(filter location pages map_weight,$(part)),--boundaries $(BOUNDARIES))) && ) true
	$(BIN)/python -m benchmarks.report

clean:
	rm -rf .venv .venv-peers demo .mypy_cache .ruff_cache .pytest_cache
