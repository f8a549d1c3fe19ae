# VoiceForge: `make run` and `make test` are all a new machine needs. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test build run image check test-one golden test test-setup setup-counterparts test-swift test-frames test-page test-deploy test-counterparts test-sanitizers fuzz chaos lint lint-page docs picture bench bench-load bench-database clean

BINARY := .build/release/voiceforge
MINUTES := 10
PACKAGES := libwebsockets-dev libavformat-dev libavcodec-dev libswresample-dev libogg-dev libopus-dev libspeexdsp-dev libespeak-ng-dev espeak-ng-data libflite1 libkissfft-dev libyaml-dev libpq-dev libre2-dev python3 python3-pip
IMAGE_PACKAGES := binutils mmdebstrap umoci
TEST_PACKAGES := $(IMAGE_PACKAGES) bubblewrap chromium chromium-sandbox fonts-dejavu-core haproxy libfaketime ffmpeg nginx-light postgresql prometheus python3-venv sox valgrind
SWIFT_PACKAGES := ca-certificates curl gcc git libcurl4 libncurses6 libsqlite3-0 libstdc++-12-dev libxml2 tzdata zlib1g
CACHE := $(or $(VOICEFORGE_CACHE),$(HOME)/.cache/voiceforge)
PAGE_PYTHON := $(CACHE)/page-tests/bin/python3
PAGE_LISTS := Tests/PageTests/requirements.txt Tests/PageTests/requirements-lint.txt
DEPLOY_PYTHON := $(CACHE)/deploy-tests/bin/python3
DEPLOY_LISTS := Tests/DeployTests/requirements.txt
COUNTERPART_PYTHON := $(CACHE)/counterparts/bin/python3
COUNTERPART_LISTS := Tests/Counterparts/requirements.txt Tests/Counterparts/requirements-models.txt Tests/Counterparts/requirements-words.txt Tests/Counterparts/requirements-voices.txt

# The Swift that `make setup` installs comes first where the machine's own cannot build this.
ifneq ($(shell Sources/setup/check-swift.sh 2>/dev/null && echo fits),fits)
export PATH := $(CACHE)/swift/usr/bin:$(PATH)
endif

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup:  ## Install what is missing of Swift, the Debian packages and the speech engines
	@Sources/setup/install-swift.sh $(SWIFT_PACKAGES)
	@Sources/setup/install-packages.sh $(PACKAGES)
	@Sources/Engines/setup/fetch-engines.sh

setup-test: setup  ## Install what only the tests need: a browser and its driver
	@Sources/setup/install-packages.sh $(TEST_PACKAGES)
	@Sources/setup/install-python.sh $(PAGE_PYTHON) $(PAGE_LISTS)

build: setup  ## Build the program (release)
	swift build -c release --product voiceforge

run: build  ## Start the server and place one demonstration call
	$(BINARY) serve --demo

image: build  ## Make two container images without Docker, without and with foreign codecs (1 minute)
	@Sources/setup/install-packages.sh $(IMAGE_PACKAGES)
	@Sources/setup/image/build.py $(if $(CONTACT),--contact '$(CONTACT)') $(foreach mirror,$(MIRROR),--mirror '$(mirror)')

# In a debug build, which is ready soon after a small change. What works with sound is slow there, and `make test` runs it.
CHECKED_ELSEWHERE = ^(EngineContractTests|SimulationTests|LoadTestTests)\.|$(TIMED_TESTS)
check: setup  ## Format, lint, build and run the quick tests: for the time between two changes (2 minutes)
	swift format --in-place --recursive Package.swift Sources Tests
	swift format lint --strict --recursive Package.swift Sources Tests
	swift build --build-tests
	CONFIGURATION=debug Tests/Fuzz/typecheck.sh
	CONFIGURATION=debug Sources/setup/test-swift.sh --skip '$(CHECKED_ELSEWHERE)'

test-one: setup  ## Run the Swift tests whose names match FILTER=…, in a debug build
	@[ -n "$(FILTER)" ] || { echo 'say which: make test-one FILTER=BargeInTests'; exit 2; }
	swift build --build-tests
	CONFIGURATION=debug Sources/setup/test-swift.sh --no-parallel --filter '$(FILTER)'

golden: setup  ## Write the traces and stored forms of Tests/Golden anew; look at the difference before you commit it
	swift build --build-tests
	VOICEFORGE_GOLDEN=write CONFIGURATION=debug Sources/setup/test-swift.sh --no-parallel --filter '^(SimulationTests\.TracedCallTests/goldenCall|FormatsTests\.StoredShapeTests/written|FormatsTests\.SpanDrawingTests/drawing)'
	CONFIGURATION=debug Sources/setup/test-swift.sh --no-parallel --filter '^FormatsTests\.(GoldenTraceTests|StoredShapeTests)'

test: setup-test lint test-setup test-swift test-frames test-page test-deploy  ## Run every test

# Installs Swift from a double of its site.
test-setup:
	$(PAGE_PYTHON) -m pytest -q -n 2 Tests/SetupTests

# One configuration for the program and its tests: it is built once, and the tests see what is shipped. Tests in real time run one after
# the other: those that load the machine or count what it does alone, the others in four processes, as they wait most of the time.
TIMED_TESTS := ^(WebSocketsTests|SessionTests|ServerTests|CommandTests|DatabaseTests|ChildProcessesTests)\.
LONE_TESTS := [./](LiveSimulationTests|OverloadTests|LoadTests|LoadRunTests|AllocationTests|CrowdTests|TickTests|MediaPathTests|LoadCommandTests|LoadServerTests|GenerateCommandTests|SimulateTargetTests)/
PARTS := '^CommandTests\.(Trace|Call|MigrateFrom|Output|SpeechNode)' \
  '^CommandTests\.(ModelRecording|SoundFile|SharedDatabase|DatabaseCommand|OwnModel|SpeechCommand)' \
  '^CommandTests\.|^ServerTests\.ServerTests/(TestRun|Latency)'
# Foreign clients wait most of the time, too: with COUNTERPARTS=beside they come beside those that are alone, and give way to them. What fails
# of either does not keep the others from being run.
HOLD_COUNTERPARTS = VOICEFORGE_BINARY=$(abspath $(BINARY)) Sources/setup/test-counterparts.sh $(COUNTERPART_PYTHON)
INSTALL_COUNTERPARTS = Sources/setup/install-python.sh $(COUNTERPART_PYTHON) $(COUNTERPART_LISTS)
test-swift:
	swift build -c release --build-tests
	Tests/Fuzz/typecheck.sh
	Sources/setup/test-swift.sh --skip '$(TIMED_TESTS)'
	@status=0; set -x; \
	Sources/setup/beside.sh '$(if $(COUNTERPARTS),$(INSTALL_COUNTERPARTS) && $(HOLD_COUNTERPARTS) first)' \
	  Sources/setup/test-swift.sh --no-parallel --filter '$(LONE_TESTS)' || status=$$?; \
	$(if $(COUNTERPARTS),$(HOLD_COUNTERPARTS) again || status=$$?;) \
	EXCEPT='$(LONE_TESTS)' Sources/setup/test-shards.sh $(PARTS) '$(TIMED_TESTS)' || status=$$?; \
	exit $$status

# Counts instructions, so a frame that became dearer shows on a busy machine too.
test-frames:
	swift build -c release --product frame-path
	Sources/setup/frame-path.py

# Two at a time, but for the load tests: a load that is held up by others is invalid.
test-page: lint-page
	swift build -c release --product voiceforge
	swift build -c release --product sample-report
	$(PAGE_PYTHON) -m pytest -q -n 2 --dist loadfile Tests/PageTests --ignore Tests/PageTests/test_load.py
	$(PAGE_PYTHON) -m pytest -q Tests/PageTests/test_load.py

# The files of Samples/deploy by their own programs, three call nodes behind them, and the container images; one after the other, for a test
# has three servers.
test-deploy:
	@Sources/setup/install-python.sh $(DEPLOY_PYTHON) $(DEPLOY_LISTS)
	swift build -c release --product voiceforge
	$(DEPLOY_PYTHON) -m pytest -q Tests/DeployTests

setup-counterparts: setup-test  ## Install the foreign clients and libraries of the tests
	@$(INSTALL_COUNTERPARTS)

test-counterparts: build setup-counterparts  ## Hold calls with foreign clients and libraries, which are installed apart
	$(HOLD_COUNTERPARTS)

test-sanitizers: setup  ## Run the tests with the address sanitizer, and the server's with the thread sanitizer
	Sources/setup/test-sanitizers.sh

fuzz: setup  ## Feed random bytes to everything that reads what strangers send, for MINUTES=10
	@Tests/Fuzz/fuzz.py --minutes $(MINUTES)

chaos: build setup-test  ## Kill, stop, starve and flood a running server with calls and PostgreSQL, and see that nothing is lost (5 minutes)
	@Tests/Chaos/chaos.py

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

lint-page:  ## Check the page's JavaScript, the Python in Sources and Tests, and the links of the documents (1 second)
	@Sources/setup/install-python.sh $(PAGE_PYTHON) $(PAGE_LISTS)
	$(dir $(PAGE_PYTHON))oxlint --deny-warnings --report-unused-disable-directives web
	$(dir $(PAGE_PYTHON))ruff check --no-cache .
	@Sources/setup/documentation.py --check

bench: build  ## Measure start-up, memory, turn latency and what a core carries, each beside its limit (5 minutes)
	swift build -c release --build-tests
	swift build -c release --product frame-path
	@Sources/setup/bench.py

bench-load: build  ## Measure 1,000 calls, memory, an overload and a soak of MINUTES=10 (30 minutes)
	swift build -c release --product frame-path
	@Sources/setup/measure_load.py generator memory overload
	@Sources/setup/measure_load.py soak --minutes $(MINUTES)

bench-database: build  ## Measure a server with PostgreSQL against one without, and take its database away (8 minutes)
	@Sources/setup/measure_database.py

# Documents
.PHONY: docs picture
docs:  ## Build the documentation as a site in .build/docs
	@Sources/setup/documentation.py

picture: build setup-test  ## Take the README's picture anew from a call on the page
	@VOICEFORGE_BINARY=$(BINARY) $(PAGE_PYTHON) Sources/setup/picture.py

clean:  ## Remove what was built here; the engines stay in their cache
	rm -rf .build .build-* reports
