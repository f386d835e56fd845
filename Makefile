# What a fresh machine needs: a JDK 25 and make. Everything else comes with the Maven wrapper.
#
#   make demo               the main job: a whole mesh on this machine, with evidence   make demo ARGS=--keep
#   make test               every test                         make test MODULE=policy   one module's tests, in seconds
#   make dist               the programs, in cli/target/weft   make fmt                  formats the sources
#   make e2e                processes, and the cluster's walk  make images             container images, as archives
#   make bench              the proxies beside nginx and HAProxy (bench/README.md): make bench ARGS="--rounds 1" PEER=COMMAND

SHELL := /bin/bash
JDK := $(shell ./tools/find-jdk)
MVN := JAVA_HOME="$(JDK)" ./mvnw -B -ntp
ARGS ?=
IMAGES ?=
AOT ?= on
BASE_IMAGE ?=
REVISION := $(shell git rev-parse HEAD 2>/dev/null)
COMMIT_SECONDS := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
VERSION := $(shell sed -n 's|^  <version>\(.*\)-SNAPSHOT</version>|\1|p' pom.xml)
JAVA_QUIET := --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
PEER ?=
DIST := cli/target/weft
SOURCES := $(shell find . -path '*/src/main/*' -type f -not -path '*/target/*') $(wildcard pom.xml */pom.xml)

.PHONY: demo test dist e2e bench bench-smoke images native fmt clean jdk

demo: dist
	@JAVA_HOME="$(JDK)" $(DIST)/bin/weft demo $(ARGS)

dist: jdk $(DIST)/.built

$(DIST)/.built: $(SOURCES)
	@echo "building the programs (the first time this takes a minute or two)"
	$(MVN) -q package -DskipTests -pl cli -am
	@touch $@

# A single module is tested without the tests of the modules below it.
test: jdk
ifdef MODULE
	$(MVN) -q -pl $(MODULE) -am test -Dtest='$(TESTS_OF_$(MODULE))' -Dsurefire.failIfNoSpecifiedTests=false
else
	$(MVN) verify
endif

# On the cluster of KUBECONFIG, else on K3s where Docker is; without either, only what needs no cluster.
e2e: images
	$(MVN) verify -pl e2e -am -Dtest='$(TESTS_OF_e2e)' -Dsurefire.failIfNoSpecifiedTests=false -Dweft.walk=full

bench: dist bench/target/bin/meshbench
	@JAVA_HOME="$(JDK)" PEER='$(PEER)' bench/bench.py run $(ARGS)

# Does every scenario work? Under a minute; its figures mean nothing.
bench-smoke: dist bench/target/bin/meshbench
	@JAVA_HOME="$(JDK)" bench/bench.py smoke $(ARGS)

bench/target/bin/meshbench: bench/build $(wildcard bench/tools/* bench/openload/*)
	@bench/build

# OCI archives, in images/target. IMAGES="proxy cli" builds some of them; AOT=off leaves out what Java remembers of a
# training, which saves minutes after each change and costs start-up time.
images: jdk
	@echo "building the programs and their images (the first time this takes some minutes)"
	@rm -rf images/target/lib # a dependency of another version would stay
	$(MVN) -q package -DskipTests -pl images -am
	@"$(JDK)/bin/java" $(JAVA_QUIET) -cp "images/target/classes:images/target/lib/*" dev.weft.images.Main \
	  --project . --output images/target --tag "$(VERSION)" --revision "$(REVISION)" --created "$(COMMIT_SECONDS)" \
	  $(if $(BASE_IMAGE),--base-image "$(BASE_IMAGE)") $(if $(filter off,$(AOT)),--no-aot) $(IMAGES)

# Native executables and the black-box tests on them: docs/native.md. Needs native-image of Mandrel or GraalVM 25 in GRAALVM_HOME.
NATIVE := identity-service,destination-service,policy-service,injector-webhook,cli
native: jdk
	$(MVN) -q install -DskipTests -pl $(NATIVE) -am
	$(MVN) -Pnative verify -pl $(NATIVE)

fmt: jdk
	$(MVN) -q spotless:apply

clean: jdk
	$(MVN) -q clean

jdk:
	@test -n "$(JDK)" || { ./tools/find-jdk --explain; exit 1; }

TESTS_OF_proxy-api := dev/weft/api/**
TESTS_OF_mesh := dev/weft/mesh/**
TESTS_OF_pki := dev/weft/pki/**
TESTS_OF_policy := dev/weft/policy/**
TESTS_OF_resources := dev/weft/resources/**
TESTS_OF_injection := dev/weft/injection/**
TESTS_OF_injector-webhook := dev/weft/injector/**
TESTS_OF_service-kit := dev/weft/kit/**
TESTS_OF_identity-service := dev/weft/identity/**
TESTS_OF_destination-service := dev/weft/destination/**
TESTS_OF_policy-service := dev/weft/policyservice/**
TESTS_OF_proxy := dev/weft/proxy/**
TESTS_OF_helm := dev/weft/helm/**
TESTS_OF_cli := dev/weft/cli/**
TESTS_OF_redirect := dev/weft/redirect/**
TESTS_OF_images := dev/weft/images/**
TESTS_OF_e2e := dev/weft/e2e/**
