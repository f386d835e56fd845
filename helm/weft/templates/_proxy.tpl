{{/*
The proxies of the control plane. They cannot be injected, since the injector is behind one of them; so they are written
here, by the same contract. The templates take the component's frame, see _component.tpl.
*/}}

{{/* The containers which come before the application: redirection or its check, and a native sidecar. */}}
{{- define "weft.proxyInitContainers" -}}
{{- if .root.Values.cniEnabled -}}
{{- include "weft.networkValidator" . }}
{{- else -}}
{{- include "weft.proxyInit" . }}
{{- end }}
{{- if .native }}
{{ include "weft.proxyContainer" . }}
{{- end }}
{{- end -}}

{{- define "weft.proxyInit" -}}
{{- $proxy := .root.Values.proxy -}}
{{- $init := .root.Values.proxyInit -}}
{{- $privileged := or $init.privileged (gt (int $init.closeWaitTimeoutSecs) 0) -}}
- name: linkerd-init
  image: {{ include "weft.proxyImage" .root }}
  imagePullPolicy: {{ include "weft.proxyPullPolicy" .root }}
  command:
    - /usr/lib/linkerd/linkerd2-proxy-init
  args:
    {{- if eq $init.iptablesMode "nft" }}
    - --firewall-bin-path
    - iptables-nft
    - --firewall-save-bin-path
    - iptables-nft-save
    {{- end }}
    {{- if .root.Values.disableIPv6 }}
    - --ipv6=false
    {{- end }}
    - --incoming-proxy-port
    - {{ $proxy.ports.inbound | int | quote }}
    - --outgoing-proxy-port
    - {{ $proxy.ports.outbound | int | quote }}
    - --proxy-uid
    - {{ $proxy.uid | int | quote }}
    {{- if ge (int $proxy.gid) 0 }}
    - --proxy-gid
    - {{ $proxy.gid | int | quote }}
    {{- end }}
    - --inbound-ports-to-ignore
    - {{ list (int $proxy.ports.control) (int $proxy.ports.admin) $init.ignoreInboundPorts | join "," | trimSuffix "," | quote }}
    {{- with $init.kubeAPIServerPorts }}
    - --outbound-ports-to-ignore
    - {{ . | quote }}
    {{- end }}
    {{- if gt (int $init.closeWaitTimeoutSecs) 0 }}
    - --timeout-close-wait-secs
    - {{ $init.closeWaitTimeoutSecs | int | quote }}
    {{- end }}
    {{- with $init.logFormat }}
    - --log-format
    - {{ . }}
    {{- end }}
    {{- with $init.logLevel }}
    - --log-level
    - {{ . }}
    {{- end }}
    {{- with $init.skipSubnets }}
    - --subnets-to-ignore
    - {{ . | quote }}
    {{- end }}
  {{- with include "weft.resources" (.proxy | default $proxy.resources) }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    allowPrivilegeEscalation: {{ $privileged }}
    capabilities:
      add:
        - NET_ADMIN
        - NET_RAW
    privileged: {{ $privileged }}
    readOnlyRootFilesystem: true
    {{- if $init.runAsRoot }}
    runAsNonRoot: false
    runAsUser: 0
    runAsGroup: 0
    {{- else }}
    runAsNonRoot: true
    runAsUser: {{ $init.runAsUser | default 65534 | int }}
    runAsGroup: {{ $init.runAsGroup | default 65534 | int }}
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - name: linkerd-proxy-init-xtables-lock
      mountPath: {{ $init.xtMountPath }}
{{- end -}}

{{- define "weft.networkValidator" -}}
{{- $validator := .root.Values.networkValidator -}}
{{- $v4 := .root.Values.disableIPv6 -}}
- name: linkerd-network-validator
  image: {{ include "weft.proxyImage" .root }}
  imagePullPolicy: {{ include "weft.proxyPullPolicy" .root }}
  command:
    - /usr/lib/linkerd/linkerd2-network-validator
  args:
    - --log-format
    - {{ $validator.logFormat }}
    - --log-level
    - {{ $validator.logLevel }}
    - --connect-addr
    - {{ $validator.connectAddr | default ($v4 | ternary "1.1.1.1:20001" "[fd00::1]:20001") | quote }}
    - --listen-addr
    - {{ $validator.listenAddr | default ($v4 | ternary "0.0.0.0:4140" "[::]:4140") | quote }}
    - --timeout
    - {{ $validator.timeout }}
  {{- with include "weft.resources" (.proxy | default .root.Values.proxy.resources) }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if $validator.enableSecurityContext }}
  securityContext: {{- toYaml $validator.securityContext | nindent 4 }}
  {{- end }}
  terminationMessagePolicy: FallbackToLogsOnError
{{- end -}}

{{- define "weft.proxyContainer" -}}
{{- $proxy := .root.Values.proxy -}}
- name: linkerd-proxy
  image: {{ include "weft.proxyImage" .root }}
  imagePullPolicy: {{ include "weft.proxyPullPolicy" .root }}
  env:
    {{- include "weft.proxyEnv" . | nindent 4 }}
  ports:
    - name: linkerd-proxy
      containerPort: {{ $proxy.ports.inbound | int }}
    - name: linkerd-admin
      containerPort: {{ $proxy.ports.admin | int }}
  livenessProbe:
    httpGet:
      path: /live
      port: {{ $proxy.ports.admin | int }}
    initialDelaySeconds: {{ $proxy.livenessProbe.initialDelaySeconds | int }}
    timeoutSeconds: {{ $proxy.livenessProbe.timeoutSeconds | int }}
  readinessProbe:
    httpGet:
      path: /ready
      port: {{ $proxy.ports.admin | int }}
    initialDelaySeconds: {{ $proxy.readinessProbe.initialDelaySeconds | int }}
    timeoutSeconds: {{ $proxy.readinessProbe.timeoutSeconds | int }}
  {{- if .native }}
  {{- if .await }}
  startupProbe:
    httpGet:
      path: /ready
      port: {{ $proxy.ports.admin | int }}
    initialDelaySeconds: {{ $proxy.startupProbe.initialDelaySeconds | int }}
    periodSeconds: {{ $proxy.startupProbe.periodSeconds | int }}
    failureThreshold: {{ $proxy.startupProbe.failureThreshold | int }}
  {{- end }}
  restartPolicy: Always
  {{- else if .await }}
  lifecycle:
    postStart:
      exec:
        command:
          - /usr/lib/linkerd/linkerd-await
          - --timeout=2m
          - --port={{ $proxy.ports.admin | int }}
  {{- end }}
  {{- with include "weft.resources" (.proxy | default $proxy.resources) }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- if $proxy.securityContext }}
    {{- toYaml $proxy.securityContext | nindent 4 }}
    {{- else }}
    allowPrivilegeEscalation: false
    capabilities:
      drop:
        - ALL
    readOnlyRootFilesystem: true
    runAsNonRoot: true
    runAsUser: {{ $proxy.uid | int }}
    {{- if ge (int $proxy.gid) 0 }}
    runAsGroup: {{ $proxy.gid | int }}
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
    {{- end }}
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - name: linkerd-identity-end-entity
      mountPath: /var/run/linkerd/identity/end-entity
    {{- if $proxy.tracing.enabled }}
    - name: linkerd-podinfo
      mountPath: /var/run/linkerd/podinfo
    {{- end }}
    {{- if .root.Values.identity.serviceAccountTokenProjection }}
    - name: linkerd-identity-token
      mountPath: /var/run/secrets/tokens
    {{- else }}
    - name: kube-api-access
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      readOnly: true
    {{- end }}
{{- end -}}

{{- define "weft.proxyVolumes" -}}
{{- if not .root.Values.cniEnabled -}}
- name: linkerd-proxy-init-xtables-lock
  emptyDir: {}
{{ end -}}
- name: linkerd-identity-end-entity
  emptyDir:
    medium: Memory
{{- if .root.Values.proxy.tracing.enabled }}
- name: linkerd-podinfo
  downwardAPI:
    items:
      - path: labels
        fieldRef:
          fieldPath: metadata.labels
{{- end }}
{{- if .root.Values.identity.serviceAccountTokenProjection }}
- name: linkerd-identity-token
  projected:
    sources:
      - serviceAccountToken:
          audience: identity.l5d.io
          expirationSeconds: 86400
          path: linkerd-identity-token
{{- end }}
{{- end -}}

{{/* The proxy beside the application: ahead of it where that one waits, else behind; nothing if native. */}}
{{- define "weft.proxyFirst" -}}
{{- if and (not .native) .await }}{{ include "weft.proxyContainer" . }}{{ end -}}
{{- end -}}

{{- define "weft.proxyLast" -}}
{{- if not (or .native .await) }}{{ include "weft.proxyContainer" . }}{{ end -}}
{{- end -}}
