#!/bin/bash
# bench: h1
# haproxy pair with HTTP/2 multiplexing between the proxies.
MESH_PROTO=h2 exec "$(dirname "$0")/haproxy.sh"
