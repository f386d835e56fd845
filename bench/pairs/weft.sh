#!/usr/bin/env bash
# bench: h1 h2 plain origdst jit
# Weft's proxies as the distribution has them. WEFT_PROXY_LIB, read by bench.py, names another directory of jars; WEFT_JAVA_OPTS adds flags.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/contract-env.sh"
lib=$here/../proxy
# shellcheck disable=SC2086 # the options are words
exec "${JAVA_HOME:?make bench sets it}/bin/java" "@$lib/proxy.options" ${WEFT_JAVA_OPTS:-} -cp "$lib/*" dev.weft.proxy.Main
