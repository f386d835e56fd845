# Sourced, not run: the environment of a proxy that obeys the proxy API's contract, for either role, from the BENCH_* variables (README.md).
id=$BENCH_IDENTITY
prefix=LINKERD2_PROXY
set_var() { export "${prefix}_$1=$2"; } # NAME VALUE

set_var LOG "${LINKERD2_PROXY_LOG:-warn}"
set_var CORES "$BENCH_WORKERS"
for service in DESTINATION POLICY IDENTITY; do set_var "${service}_SVC_ADDR" "$BENCH_CP"; done
set_var POLICY_WORKLOAD "{\"ns\":\"bench\",\"pod\":\"$BENCH_ROLE-0\"}"
set_var DESTINATION_CONTEXT "{\"ns\":\"bench\",\"nodeName\":\"bench\",\"pod\":\"$BENCH_ROLE-0\"}"
set_var POLICY_CLUSTER_NETWORKS 10.0.0.0/8
set_var DESTINATION_PROFILE_NETWORKS 10.0.0.0/8
set_var DESTINATION_PROFILE_SUFFIXES svc.cluster.local.
set_var INBOUND_DEFAULT_POLICY all-unauthenticated
set_var CONTROL_STREAM_INITIAL_TIMEOUT 3s
set_var CONTROL_STREAM_IDLE_TIMEOUT 5m
set_var CONTROL_STREAM_LIFETIME 1h
set_var INBOUND_CONNECT_TIMEOUT 100ms
set_var OUTBOUND_CONNECT_TIMEOUT 1000ms
set_var INBOUND_ACCEPT_KEEPALIVE 10000ms
set_var OUTBOUND_CONNECT_KEEPALIVE 10000ms
for side in INBOUND OUTBOUND; do
  set_var "${side}_SERVER_HTTP2_KEEP_ALIVE_INTERVAL" 10s
  set_var "${side}_SERVER_HTTP2_KEEP_ALIVE_TIMEOUT" 3s
done
set_var ADMIN_LISTEN_ADDR "127.0.0.1:$BENCH_PORT_ADMIN"
set_var CONTROL_LISTEN_ADDR "127.0.0.1:$BENCH_PORT_CONTROL"
set_var OUTBOUND_LISTEN_ADDRS "127.0.0.1:$BENCH_PORT_OUT_H1"
if [ "$BENCH_ROLE" = out ]; then
  set_var INBOUND_LISTEN_ADDR "127.0.0.1:$BENCH_PORT_IN_H1"
  set_var INBOUND_IPS "$BENCH_CLI_IP"
else
  set_var INBOUND_LISTEN_ADDR "0.0.0.0:$BENCH_PORT_IN_H1"
  set_var INBOUND_IPS "$BENCH_SRV_IP"
  set_var INBOUND_PORTS 8080,8082,9080,9082
fi
set_var IDENTITY_DIR "$BENCH_PKI/id-$id"
set_var IDENTITY_TOKEN_FILE "$BENCH_PKI/id-$id/token"
set_var IDENTITY_TRUST_ANCHORS "$(cat "$BENCH_PKI/ca.pem")"
set_var IDENTITY_LOCAL_NAME "$(cat "$BENCH_PKI/$id.name")"
