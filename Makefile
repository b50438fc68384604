# Stipple's commands. `make demo` and `make test` do all the set-up on a fresh Debian 12 or 13 with a Swift toolchain.
SHELL := /bin/bash
SWIFT ?= swift
PYTHON_ENV := .build-python
RELEASE := .build/release
# Suites that wait for real sockets' time-outs: they run apart, so that no long computation starves them.
SOCKET_SUITES := VarlinkTests|StippleCtlTests|ControlInterfaceTests
# Two Linux kernels with simulated GPIO chips; see CONTRIBUTING.md.
export STIPPLE_RIG ?= $(abspath ../shared/rig)

.PHONY: pictures install deb test-board man test-man fuzz rig-hours rig-strokes rig-strokes-rotary campaign-kill campaign-torn soak soak-short check-model mutants help setup build release demo run generate embedded test test-unit test-rig test-interop lint format bench clean

help: ## Says what can be made.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Installs what a fresh Debian with Swift lacks.
	@Scripts/setup.sh

build: setup ## Debug build of everything.
	@$(SWIFT) build --build-tests

release: setup ## The programs as they are shipped.
	@$(SWIFT) build -c release --product stippled
	@$(SWIFT) build -c release --product stipplectl
	@$(SWIFT) build -c release --product stipple-handpiece

demo: release ## One whole treatment on the virtual handpiece; leaves a report and the record in demo-output/.
	@timeout -s KILL 300 Scripts/demo.sh

generate: setup ## Makes the Swift of the control interfaces anew from their definitions.
	@$(SWIFT) build --product varlink-generate
	@rm -f Sources/ControlInterface/Generated/*.swift Tests/VarlinkCertification/Generated/*.swift
	@.build/debug/varlink-generate Sources/ControlInterface/Generated Sources/ControlInterface/Definitions/*.varlink
	@.build/debug/varlink-generate Tests/VarlinkCertification/Generated Tests/VarlinkCertification/*.varlink

run: release ## The daemon on the virtual handpiece, left up to play with.
	@Scripts/run.sh

test: setup lint embedded test-unit release test-man soak-short check-model test-rig test-interop test-board demo ## Everything CI runs.
	@echo "make test: all suites passed"

test-unit: setup ## Unit and simulation tests.
	@$(SWIFT) build --build-tests
	@timeout -s KILL 900 $(SWIFT) test --skip-build --no-parallel --skip '$(SOCKET_SUITES)'
	@timeout -s KILL 300 $(SWIFT) test --skip-build --filter '$(SOCKET_SUITES)'

test-rig: release $(PYTHON_ENV)/ready ## The built programs on real kernels with simulated GPIO chips.
	@timeout -s KILL 1800 Tests/Rig/run-all.sh

RIG_HOURS_ON_DEMAND ?= 4
RIG_STROKES_ON_DEMAND ?= 1000000
# An hour and more each on a busy host: behind its other work, with the time they need.
RIG_LONG := nice -n 10 env RIG_MEEK=yes RIG_MEMORY=1G RIG_SECONDS=14000

rig-hours: release $(PYTHON_ENV)/ready ## Four virtual hours of treatment in the rig; every count has to agree.
	@$(RIG_LONG) RIG_ONLY=hours RIG_HOURS=$(RIG_HOURS_ON_DEMAND) Tests/Rig/run-all.sh

rig-strokes: release $(PYTHON_ENV)/ready ## A million strokes in the rig, linear; every count has to agree.
	@$(RIG_LONG) RIG_ONLY=hours RIG_STROKES=$(RIG_STROKES_ON_DEMAND) Tests/Rig/run-all.sh

rig-strokes-rotary: release $(PYTHON_ENV)/ready ## The same with the needle on a cam.
	@$(RIG_LONG) RIG_ONLY=strokes-rotary RIG_STROKES=$(RIG_STROKES_ON_DEMAND) Tests/Rig/run-all.sh

test-interop: release ## Independent implementations judge the socket, the record and the drive.
	@timeout -s KILL 1200 Tests/Interop/run-all.sh $(PYTHON_ENV)/bin/python

$(PYTHON_ENV)/ready: Tests/Interop/requirements.txt
	@Scripts/python-env.sh $(PYTHON_ENV)
	@touch $@

N ?= 1000

campaign-kill: release $(PYTHON_ENV)/ready ## Kills the daemon at N random instants of treatments: make campaign-kill N=1000. 3 s each.
	@$(PYTHON_ENV)/bin/python Tests/Campaign/kill_campaign.py $(RELEASE)/stippled $(N)

campaign-torn: release ## Cuts a large session at N random places: make campaign-torn N=10000.
	@$(SWIFT) build -c release --product sample-session
	@Tests/Interop/torn.sh $(RELEASE)/sample-session $(N)

embedded: ## What lies below the bridge still compiles as Embedded Swift.
	@timeout -s KILL 600 Scripts/embedded.sh

HOURS ?= 1000
JOBS ?= $(shell nproc)
STATES ?= 10000000

soak: ## Simulated treatments with faults, judged by an independent monitor: make soak HOURS=1000.
	@$(SWIFT) build -c release --product stipple-soak
	@$(RELEASE)/stipple-soak --hours $(HOURS) --jobs $(JOBS)

soak-short: ## The fifty hours of it that every test run includes.
	@$(SWIFT) build -c release --product stipple-soak
	@timeout -s KILL 900 $(RELEASE)/stipple-soak --hours 50 --jobs $(JOBS)

check-model: ## Breadth-first search over the shipped controller: make check-model STATES=10000000.
	@$(SWIFT) build -c release --product stipple-check
	@timeout -s KILL 900 $(RELEASE)/stipple-check $(STATES)

fuzz: ## Fuzzes drive decoders with their links, the profile decoder and the readers of the control socket: make fuzz RUNS=n.
	@Tests/Fuzz/run.sh $(or $(RUNS),200000)

mutants: ## Breaks every limit check and interlock in turn; each has to be caught. Takes ten minutes and more.
	@Scripts/mutants.sh

man: release ## Makes the manual pages out of what the programs say of themselves and of Documentation/man/*.in.
	@python3 Scripts/man.py $(RELEASE)

test-man: release ## The manual pages are what the programs say of themselves.
	@python3 Scripts/man.py $(RELEASE) --check
	@echo "manual pages: as the programs say"

pictures: demo ## The README's pictures, out of the programs at work: needs tmux and chromium.
	@python3 Scripts/pictures.py $(RELEASE)

lint: ## Format, warnings, house rules that need no build.
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	@echo "lint: clean"

format: ## Formats the Swift sources.
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

PREFIX ?= /usr/local

install: ## Installs the built programs, profiles, units and pages: make install DESTDIR= PREFIX=.
	@Scripts/install.sh "$(DESTDIR)" "$(PREFIX)" $(RELEASE)

deb: release ## The Debian package, in .build/deb.
	@Scripts/deb.sh

test-board: release ## The package on a clean Debian 12 under systemd in the rig: a few minutes.
	@timeout -s KILL 1800 Tests/Board/run.sh

bench: release ## What a step, a wake and a stroke cost.
	@Scripts/bench.sh

clean: ## Removes what demo and run leave behind, not the builds.
	@rm -rf demo-output .run
