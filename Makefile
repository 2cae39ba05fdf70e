# The commands of the project under short names; each is a script, the same here and in CI.
.PHONY: help build test tidy sanitize fuzz bench profile docs approve run ci
.DEFAULT_GOAL := help

help:      ## these names
	@sed -n 's/^\([a-z]*\): *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
build:     ## the program and all tests, release
	@scripts/test.sh build
test:      ## tidy, build, all tests but the long ones
	@scripts/test.sh --quick
tidy:      ## layers, banned calls, sizes, dead files, words, pages
	@python3 tools/tidy/tidy.py
sanitize:  ## the tests under ASan, UBSan and TSan
	@scripts/test.sh sanitize threads
fuzz:      ## each fuzz target for a while: make fuzz FUZZ_SECONDS=60
	@FUZZ_SEED=0 FUZZ_RUNS=-1 scripts/test.sh fuzz
bench:     ## the page of figures
	@scripts/bench.sh
profile:   ## has the compiler learn the usual ways again, for the next release build
	@scripts/profile.sh
docs:      ## docs/reference, from the tables of the code
	@scripts/docs.sh
approve:   ## takes what the ladders now do for what they should do; the diff is the review
	@scripts/test.sh build && TANDEM_APPROVE=1 build/release/test/ladders/tandem_ladder_tests
run:       ## a switch with two demo gateways
	@scripts/run.sh
ci:        ## everything that runs on a change
	@.ci/run
