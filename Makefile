# What a fresh machine needs: a JDK 25 and make. Everything else comes with the Maven wrapper.
#
#   make test               every test        make test MODULE=policy   one module's tests
#   make demo               the main job      make fmt                  formats the sources

SHELL := /bin/bash
JDK := $(shell ./tools/find-jdk)
MVN := JAVA_HOME="$(JDK)" ./mvnw -B -ntp
ARGS ?=

.PHONY: test demo bench images e2e fmt clean jdk

# A single module is tested without the tests of the modules below it.
test: jdk
ifdef MODULE
	$(MVN) -q -pl $(MODULE) -am test -Dtest='$(TESTS_OF_$(MODULE))' -Dsurefire.failIfNoSpecifiedTests=false
else
	$(MVN) verify
endif

fmt: jdk
	$(MVN) -q spotless:apply

clean: jdk
	$(MVN) -q clean

jdk:
	@test -n "$(JDK)" || { ./tools/find-jdk --explain; exit 1; }

TESTS_OF_proxy-api := dev/weft/api/**
TESTS_OF_mesh := dev/weft/mesh/**
TESTS_OF_policy := dev/weft/policy/**
TESTS_OF_resources := dev/weft/resources/**
TESTS_OF_service-kit := dev/weft/kit/**
TESTS_OF_identity-service := dev/weft/identity/**
TESTS_OF_destination-service := dev/weft/destination/**
TESTS_OF_policy-service := dev/weft/policyservice/**
TESTS_OF_proxy := dev/weft/proxy/**
TESTS_OF_cli := dev/weft/cli/**
TESTS_OF_e2e := dev/weft/e2e/**
