# Each command does its own set-up into .venv; nothing else is needed than python3 with venv.
# The system's own Python is compiled for speed; one of a version manager is mostly not, and all of this takes a third longer with it.
PYTHON ?= $(or $(shell for each in /usr/bin/python3 python3; do \
	$$each -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$each && break; done),python3)
VENV := .venv
RUN := $(VENV)/bin/python

# Processes that are started again and again read what is compiled instead of compiling it anew, also where the environment says otherwise.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled

.PHONY: demo demo-next test suite test-whole test-echo test-long test-isolation test-upgrade test-questions test-approvals test-live replay-previews restore-trial test-bench test-screens test-journey webhook-load test-year back-test-cash-flow bench-backlog bench-cash-flow bench-ageing bench-matching bench-statements history-long day-on-starter figures translations check clean

demo: $(VENV)/.sandbox
	@$(RUN) -m sandbox.demo

demo-next: $(VENV)/.sandbox
	@$(RUN) -m sandbox.demo next

# What checks the types has one processor at work, so that the tests begin beside it.
test: $(VENV)/.tests
	@$(MAKE) --no-print-directory -j 2 check suite

suite: $(VENV)/.tests
	@$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# All of what `make test` plays a part of (tests/scene/parts.py and the switches of the commands below): an hour or more.
test-whole: $(VENV)/.tests
	@WHOLE=1 ISOLATION=all UPGRADE=all QUESTIONS=all EDITED_DAYS=3 $(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.tests
	@$(VENV)/bin/ruff check -q picortex_xero sandbox recorder benchmarks tests
	@$(VENV)/bin/ruff format --check -q picortex_xero sandbox recorder benchmarks tests
	@$(VENV)/bin/mypy
	@PYTHONPATH=sandbox/host/site_packages $(VENV)/bin/lint-imports --no-cache > $(VENV)/imports || { cat $(VENV)/imports; exit 1; }

test-long: $(VENV)/.tests
	@PARITY=5000 EXAMPLES=200000 $(RUN) -m pytest -s tests/property

# The whole fuzz of echoes, up to two hours; goes on where the last run of the same code ended. SHARD=1/4 runs a quarter in one process.
test-echo: $(VENV)/.tests
	@$(RUN) -m tests.echo $(if $(SHARD),--shard $(SHARD)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(ONLY),--only '$(ONLY)')

# A defect, a lost race and a time-out at every stage of every kind of record; `make test` runs a twenty-fourth of it.
test-isolation: $(VENV)/.tests
	@ISOLATION=all $(RUN) -m pytest -n 2 tests/isolation

# A site of the former release, stopped at every moment and upgraded; `make test` goes on from one of the four.
test-upgrade: $(VENV)/.tests
	@UPGRADE=all $(RUN) -m pytest -n 2 tests/upgrade

# Every rule that is asked of a Demo Company turned over in the simulator, one after the other; `make test` turns two.
test-questions: $(VENV)/.tests
	@QUESTIONS=all $(RUN) -m pytest tests/live

# 1,000 payments on drafts that wait for approval: under 200 calls a day. `make test` does it with 60.
test-approvals: $(VENV)/.tests
	@APPROVALS=$(or $(COUNT),1000) $(RUN) -m pytest -s tests/e2e/test_waiting_for_approval.py -k under_200

# Settles on a Xero Demo Company what only Xero itself can; see README. Nothing but a Demo Company is ever written to.
test-live: $(VENV)/.tests
	@LIVE=1 $(RUN) -m pytest -s tests/live -k demo_company

# What translations lack, and what they still have of texts that are gone; WRITE=1 brings the files up to date.
translations: $(VENV)/.sandbox
	@$(RUN) -m sandbox.translations $(if $(WRITE),--write)

# Everything recorded from ERPNext, through the app: the named cases and the whole corpus.
replay: $(VENV)/.sandbox
	@$(RUN) -m sandbox.replay

# Every recorded case with a preview before each sending: what goes is what the preview said, and the preview changes nothing.
replay-previews: $(VENV)/.sandbox
	@$(RUN) -m tests.scene.previews

# Backups from while hundreds of steps of every kind wait, put back in place or started as a copy; SHORT=1 plays three scenarios of all.
restore-trial: $(VENV)/.tests
	@$(RUN) -m tests.scene.restore_trial $(if $(SHORT),--short) $(if $(ONLY),--only '$(ONLY)')

test-bench: $(VENV)/.sandbox
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make test-bench BENCH=<path of a bench> SITE=<name of a TEST site on it>"; exit 2; }
	@$(RUN) tests/bench/run.py --bench "$(BENCH)" --site "$(SITE)"

# Hostile texts on every screen of the app in headless Chromium; needs chromium and chromedriver, and the Desk's assets built.
test-screens: $(VENV)/.sandbox
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make test-screens BENCH=<path of a bench> SITE=<name of a TEST site on it>"; exit 2; }
	@$(RUN) tests/bench/screens.py --bench "$(BENCH)" --site "$(SITE)"

# 100 events a second for a minute to the webhook of a site behind gunicorn; RESTART="..." restarts the database in a second part.
webhook-load: $(VENV)/.sandbox
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make webhook-load BENCH=<path of a bench> SITE=<name of a TEST site on it> [RESTART=<command>]"; exit 2; }
	@$(RUN) tests/bench/webhook_load.py --bench "$(BENCH)" --site "$(SITE)" $(if $(RESTART),--restart "$(RESTART)")

# From a fresh install to live as a person goes it, with mouse and keyboard, clicks counted; writes docs/pictures and docs/journey-record.json.
# Needs chromium, the Desk's assets built, and a site whose one company has posted nothing.
test-journey: $(VENV)/.journey
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make test-journey BENCH=<path of a bench> SITE=<name of a TEST site on it>"; exit 2; }
	@$(RUN) tests/bench/journey.py --bench "$(BENCH)" --site "$(SITE)"

test-year: $(VENV)/.sandbox
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make test-year BENCH=<path of a bench> SITE=<name of a TEST site on it> [COUNT=1000]"; exit 2; }
	@$(RUN) tests/bench/year.py --bench "$(BENCH)" --site "$(SITE)" --count "$(or $(COUNT),1000)"

# Bank lines matched: precision and coverage on a frozen generator, beside ERPNext's rule and one by amount; then time and memory for 10,000 and 100,000 lines.
bench-matching: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.bank_lines.measuring --generator $(or $(GENERATOR),tuning) --seeds $(or $(SEEDS),1-6) --lines $(or $(LINES),1000) $(MORE)

# How long statement files of 2,000 and 10,000 lines take to be read, by form.
bench-statements: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.statement_files $(if $(LINES),--lines $(LINES))

# How long a forecast of cash takes with 1,000 and 10,000 open items, and how many statements.
bench-cash-flow: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.cash_flow --counts $(or $(COUNTS),1000 10000)

# How long Aged Receivables and Payables take with 1,000 and 10,000 open items, and how many statements.
bench-ageing: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.ageing --counts $(or $(COUNTS),1000 10000)

# What a forecast of cash is worth: its error by week ahead, on recorded documents paid on days that a generator draws. GENERATOR=studies (payers as published studies describe them) or author (by the forecast's author).
back-test-cash-flow: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.cash_flow_back_test --seeds $(or $(SEEDS),10) --first $(or $(FIRST),1) --generator $(or $(GENERATOR),studies)

# How fast a backlog goes: 600 invoices, 350 payments, 50 new contacts. APP=<other checkout>; AGAINST=<other checkout> runs both in turn.
bench-backlog: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.backlog $(if $(APP),--app "$(APP)") $(if $(AGAINST),--against "$(AGAINST)" --rounds $(or $(ROUNDS),3))

# An import of 100,000 documents in simulated time against Starter (1,000 calls a day) and Core (5,000), disturbed four times, and its undo; hours. Writes
# docs/history-record.json. DOCUMENTS=... for fewer.
history-long: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.history --documents $(or $(DOCUMENTS),100000) --day 1000 --record docs/history-record.json $(if $(KEPT),--kept $(KEPT)/1000) $(if $(NOW),--now)
	@$(RUN) -m benchmarks.history --documents $(or $(DOCUMENTS),100000) --day 5000 --record docs/history-record.json $(if $(KEPT),--kept $(KEPT)/5000) $(if $(NOW),--now)

# A day on Xero's smallest tier in simulated time: 200 documents, 50 payments each way, no webhook; its requests by purpose. MINUTES=30: how often payments are read.
day-on-starter: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.starter_day --minutes $(or $(MINUTES),30)

# The figures of docs/architecture.md and what they are made of; APP=<other checkout> measures that one.
figures: $(VENV)/.sandbox
	@$(RUN) -m benchmarks.figures $(if $(APP),--app "$(APP)")

$(VENV)/.sandbox: requirements/sandbox.txt setup.py
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements/sandbox.txt
	@touch $@

$(VENV)/.tests: requirements/tests.txt $(VENV)/.sandbox
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements/tests.txt
	@touch $@

$(VENV)/.journey: requirements/journey.txt $(VENV)/.sandbox
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements/journey.txt
	@touch $@

clean:
	rm -rf $(VENV) .demo
