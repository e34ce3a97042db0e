# The two commands a person needs are `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test suite lint fix audit bench load mutants screenshots clean

run: .venv/installed
	$(BIN)/embedlab

# Types are looked at beside the suite, which waits for browsers and servers now and then.
test: .venv/installed-test
	$(MAKE) --jobs 2 lint suite

# Some machines forbid Python to keep what it has compiled; each of the suite's many processes would compile it anew.
suite: .venv/installed-test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Known holes in the packages we install. Without --strict, packages that cannot be looked up would pass for sound.
audit: .venv/installed-audit
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off --requirement constraints.txt || \
		{ echo "audit: failed. A package has a known hole, or pypi.org could not be asked about it: see above."; exit 1; }

# Half an hour on two cores; each may be run by itself, and the figure shows what was measured last.
BENCHMARKS := encoding fairness scaling cache projection structure search similarity ours duplicates labels scale first_map map pages peer poolings probes dimensions training stores gpu figure

bench: .venv/installed-bench
	for name in $(BENCHMARKS); do printf "\n## %s\n\n" $$name; $(BIN)/python benchmarks/$$name.py || exit 1; done

# Half an hour on two cores that do nothing else: twenty people at once.
load: .venv/installed-test
	$(BIN)/python benchmarks/load.py

# Takes our most important protections away, one by one, and sees that a test fails.
mutants: .venv/installed-test
	$(BIN)/python scripts/mutate.py

screenshots: .venv/installed-test
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

# Stamps: nothing is installed again unless the list of packages has changed. Every set holds what `make run` needs.
# Compiled on all cores, and without what packages bring to test themselves; pip would take one core and all files. Some
# files are templates that are no Python.
.venv/installed: EXTRAS := fast
.venv/installed-test: EXTRAS := auth,fast,test
.venv/installed-bench: EXTRAS := auth,fast,test,bench
.venv/installed-audit: EXTRAS := fast,audit
.venv/installed .venv/installed-test .venv/installed-bench .venv/installed-audit: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[$(EXTRAS)]' --constraint constraints.txt
	-$(BIN)/python -m compileall -q -q -j 0 -x '/tests?/|/torch/testing/' .venv/lib
	touch .venv/installed $@
