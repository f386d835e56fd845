#!/usr/bin/env bash
# bench: h1 h2 plain origdst jit
# Any proxy that obeys the contract: PEER is its start command, for both roles.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/contract-env.sh"
exec bash -c "exec ${PEER:?the start command of the proxy}"
