# Two commands matter: `make demo` plays a firm's month, `make test` runs every check. Both make what they need.
# The first Python of these that is new enough; name another with PYTHON=...
PYTHON ?= $(or $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p)))),python3)
VENV := .venv/bin
DEPLOYMENT ?= sandbox
CDK = $(VENV)/python tools/cdk.py
ROLES = $(foreach role,CRM PSA ERP,$(if $($(role)),--$(shell echo $(role) | tr A-Z a-z) $($(role))))
OF_DEPLOYMENT = -c deployment=$(DEPLOYMENT)

.DEFAULT_GOAL := help
.PHONY: help setup demo up down status test lint bench bootstrap deploy destroy lock clean

help:  ## show this
	@sed -n 's/^\([a-z]*\):.*##/  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup:  ## make .venv and node_modules from the lock files
	@$(PYTHON) tools/setup.py

demo: setup  ## the firm's month on the embedded AWS, from nothing; CRM= PSA= ERP= for other systems
	@$(VENV)/billweave demo $(ROLES)

up: setup  ## start the local estate and keep it running
	@$(VENV)/billweave up $(ROLES)

down: setup  ## stop the local estate
	@$(VENV)/billweave down

status: setup  ## what runs where
	@$(VENV)/billweave status

test: setup  ## every check: style, types, arrows, tests, templates
	@$(VENV)/python tools/check.py

lint: setup  ## the fast ones: style, types, arrows
	@$(VENV)/python tools/check.py --only static

bench: setup  ## measure; writes bench/results
	@$(VENV)/python -m bench

bootstrap: setup  ## once per AWS account and region
	@$(CDK) bootstrap $(OF_DEPLOYMENT)

deploy: setup  ## DEPLOYMENT=<name> of infra/deployments to AWS, with your AWS credentials
	@$(CDK) deploy --all --require-approval never $(OF_DEPLOYMENT) --outputs-file build/outputs-$(DEPLOYMENT).json

destroy: setup  ## take DEPLOYMENT=<name> down again
	@$(CDK) destroy --all --force $(OF_DEPLOYMENT)

lock: setup  ## compile locks/*.txt anew after a change of a dependency (UPGRADE=1 takes newer versions)
	@$(VENV)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean: setup  ## stop the estate, remove what was made
	@-$(VENV)/billweave down
	@rm -rf .billweave build cdk.out .venv node_modules
