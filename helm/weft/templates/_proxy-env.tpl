{{/*
The environment of a proxy of the control plane; takes the component's frame. The order matters where a value refers to
another one.
*/}}
{{- define "weft.proxyEnv" -}}
{{- $values := .root.Values -}}
{{- $proxy := $values.proxy -}}
{{- $any := $values.disableIPv6 | ternary "0.0.0.0" "[::]" -}}
- name: _pod_name
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: _pod_ns
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: _pod_uid
  valueFrom:
    fieldRef:
      fieldPath: metadata.uid
- name: _pod_ip
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: _pod_nodeName
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
- name: _pod_sa
  valueFrom:
    fieldRef:
      fieldPath: spec.serviceAccountName
- name: _pod_containerName
  value: linkerd-proxy
- name: _l5d_ns
  value: {{ .root.Release.Namespace }}
- name: _l5d_trustdomain
  value: {{ include "weft.trustDomain" .root }}
- name: LINKERD2_PROXY_CORES
  value: {{ $proxy.runtime.workers.minimum | toString | quote }}
- name: LINKERD2_PROXY_CORES_MIN
  value: {{ $proxy.runtime.workers.minimum | toString | quote }}
{{- with $proxy.runtime.workers.maximum }}
- name: LINKERD2_PROXY_CORES_MAX
  value: {{ . | toString | quote }}
{{- end }}
{{- with $proxy.runtime.workers.maximumCPURatio }}
- name: LINKERD2_PROXY_CORES_MAX_RATIO
  value: {{ . | toString | quote }}
{{- end }}
- name: LINKERD2_PROXY_SHUTDOWN_ENDPOINT_ENABLED
  value: {{ $proxy.enableShutdownEndpoint | quote }}
- name: LINKERD2_PROXY_LOG
  value: {{ printf "%s%s" $proxy.logLevel (eq $proxy.logHTTPHeaders "insecure" | ternary "" ",[{headers}]=off,[{request}]=off") | quote }}
- name: LINKERD2_PROXY_LOG_FORMAT
  value: {{ $proxy.logFormat }}
{{- with $proxy.accessLog }}
- name: LINKERD2_PROXY_ACCESS_LOG
  value: {{ . }}
{{- end }}
{{- with $proxy.shutdownGracePeriod }}
- name: LINKERD2_PROXY_SHUTDOWN_GRACE_PERIOD
  value: {{ . }}
{{- end }}
{{ include "weft.proxyApi" (dict "frame" . "api" "destination" "host" "linkerd-dst-headless" "port" "8086") }}
- name: LINKERD2_PROXY_DESTINATION_PROFILE_NETWORKS
  value: {{ $values.clusterNetworks | quote }}
- name: LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES
  value: {{ $proxy.enableExternalProfiles | ternary "." (printf "svc.%s." $values.clusterDomain) }}
- name: LINKERD2_PROXY_DESTINATION_CONTEXT
  value: |
    {"ns":"$(_pod_ns)", "nodeName":"$(_pod_nodeName)", "pod":"$(_pod_name)"}
{{ include "weft.proxyApi" (dict "frame" . "api" "policy" "host" "linkerd-policy" "port" "8090") }}
- name: LINKERD2_PROXY_POLICY_WORKLOAD
  value: |
    {"ns":"$(_pod_ns)", "pod":"$(_pod_name)"}
- name: LINKERD2_PROXY_POLICY_CLUSTER_NETWORKS
  value: {{ $values.clusterNetworks | quote }}
- name: LINKERD2_PROXY_CONTROL_STREAM_INITIAL_TIMEOUT
  value: {{ $proxy.control.streams.initialTimeout | quote }}
- name: LINKERD2_PROXY_CONTROL_STREAM_IDLE_TIMEOUT
  value: {{ $proxy.control.streams.idleTimeout | quote }}
- name: LINKERD2_PROXY_CONTROL_STREAM_LIFETIME
  value: {{ $proxy.control.streams.lifetime | quote }}
- name: LINKERD2_PROXY_CONTROL_LISTEN_ADDR
  value: "{{ $any }}:{{ $proxy.ports.control | int }}"
- name: LINKERD2_PROXY_ADMIN_LISTEN_ADDR
  value: "{{ $any }}:{{ $proxy.ports.admin | int }}"
- name: LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR
  value: "127.0.0.1:{{ $proxy.ports.outbound | int }}"
- name: LINKERD2_PROXY_OUTBOUND_LISTEN_ADDRS
  value: "127.0.0.1:{{ $proxy.ports.outbound | int }}{{ if not $values.disableIPv6 }},[::1]:{{ $proxy.ports.outbound | int }}{{ end }}"
- name: LINKERD2_PROXY_INBOUND_LISTEN_ADDR
  value: "{{ $any }}:{{ $proxy.ports.inbound | int }}"
- name: LINKERD2_PROXY_INBOUND_DEFAULT_POLICY
  value: all-unauthenticated
- name: LINKERD2_PROXY_INBOUND_IPS
  valueFrom:
    fieldRef:
      fieldPath: status.podIPs
- name: LINKERD2_PROXY_INBOUND_PORTS
  value: {{ .ports | quote }}
{{- with .opaque }}
- name: LINKERD2_PROXY_INBOUND_PORTS_DISABLE_PROTOCOL_DETECTION
  value: {{ . | quote }}
{{- end }}
- name: LINKERD2_PROXY_INBOUND_CONNECT_TIMEOUT
  value: {{ $proxy.inboundConnectTimeout }}
- name: LINKERD2_PROXY_INBOUND_DISCOVERY_IDLE_TIMEOUT
  value: 90s
{{- if $proxy.disableInboundProtocolDetectTimeout }}
- name: LINKERD2_PROXY_INBOUND_DETECT_TIMEOUT
  value: 365d
{{- end }}
- name: LINKERD2_PROXY_INBOUND_ACCEPT_KEEPALIVE
  value: 10000ms
- name: LINKERD2_PROXY_INBOUND_ACCEPT_USER_TIMEOUT
  value: 30s
{{- range $key, $value := $proxy.inbound.server.http2 }}
- name: LINKERD2_PROXY_INBOUND_SERVER_HTTP2_{{ $key | snakecase | upper }}
  value: {{ $value | toString | quote }}
{{- end }}
- name: LINKERD2_PROXY_OUTBOUND_CONNECT_TIMEOUT
  value: {{ $proxy.outboundConnectTimeout }}
- name: LINKERD2_PROXY_OUTBOUND_DISCOVERY_IDLE_TIMEOUT
  value: 5s
{{- if $proxy.disableOutboundProtocolDetectTimeout }}
- name: LINKERD2_PROXY_OUTBOUND_DETECT_TIMEOUT
  value: 365d
{{- end }}
- name: LINKERD2_PROXY_OUTBOUND_CONNECT_KEEPALIVE
  value: 10000ms
- name: LINKERD2_PROXY_OUTBOUND_CONNECT_USER_TIMEOUT
  value: 30s
- name: LINKERD2_PROXY_OUTBOUND_METRICS_HOSTNAME_LABELS
  value: {{ $proxy.metrics.hostnameLabels | quote }}
{{- range $key, $value := $proxy.outbound.server.http2 }}
- name: LINKERD2_PROXY_OUTBOUND_SERVER_HTTP2_{{ $key | snakecase | upper }}
  value: {{ $value | toString | quote }}
{{- end }}
- name: LINKERD2_PROXY_IDENTITY_DIR
  value: /var/run/linkerd/identity/end-entity
- name: LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS
  valueFrom:
    configMapKeyRef:
      name: linkerd-identity-trust-roots
      key: ca-bundle.crt
- name: LINKERD2_PROXY_IDENTITY_TOKEN_FILE
  value: {{ $values.identity.serviceAccountTokenProjection | ternary "/var/run/secrets/tokens/linkerd-identity-token" "/var/run/secrets/kubernetes.io/serviceaccount/token" }}
{{ include "weft.proxyApi" (dict "frame" . "api" "identity" "host" "linkerd-identity-headless" "port" "8080") }}
- name: LINKERD2_PROXY_IDENTITY_LOCAL_NAME
  value: $(_pod_sa).$(_pod_ns).{{ include "weft.identitySuffix" .root }}
{{- if $proxy.tracing.enabled }}
{{ include "weft.proxyTracing" .root }}
{{- end }}
{{- with concat $proxy.additionalEnv $proxy.experimentalEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Address and identity of an API of the control plane. One which this very pod serves is behind this proxy and answers in
plaintext; Weft's proxies expect that of an address on loopback without a name.
*/}}
{{- define "weft.proxyApi" -}}
{{- $root := .frame.root -}}
{{- $variable := printf "LINKERD2_PROXY_%s_SVC" (upper .api) -}}
- name: {{ $variable }}_ADDR
{{- if has .api .frame.local }}
  value: localhost.:{{ .port }}
{{- else }}
  value: {{ .host }}.{{ $root.Release.Namespace }}.svc.{{ $root.Values.clusterDomain }}.:{{ .port }}
- name: {{ $variable }}_NAME
  value: linkerd-{{ .api }}.{{ $root.Release.Namespace }}.{{ include "weft.identitySuffix" $root }}
{{- end }}
{{- end -}}

{{- define "weft.proxyTracing" -}}
{{- $tracing := .Values.proxy.tracing -}}
{{- $collector := $tracing.collector -}}
- name: LINKERD2_PROXY_TRACE_ATTRIBUTES_PATH
  value: /var/run/linkerd/podinfo/labels
- name: LINKERD2_PROXY_TRACE_SERVICE_NAME
  value: {{ $tracing.traceServiceName }}
- name: LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR
  value: {{ $collector.endpoint }}
- name: LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME
  value: {{ $collector.meshIdentity.serviceAccountName }}.{{ $collector.meshIdentity.namespace }}.{{ include "weft.identitySuffix" . }}
- name: LINKERD2_PROXY_TRACE_EXTRA_ATTRIBUTES
  value: |
    k8s.pod.ip=$(_pod_ip)
    k8s.pod.uid=$(_pod_uid)
    k8s.container.name=$(_pod_containerName)
    {{- range $key, $value := $tracing.labels }}
    {{ $key }}={{ $value }}
    {{- end }}
{{- end -}}
