{{/*
What the Deployments of the four services have in common. The templates here take the component's frame, a dict of
  root        the chart's context
  component   the value of label linkerd.io/control-plane-component
  name        the name of Deployment and ServiceAccount
  image       the last part of the image's name
  resources   request and limit of the service
  proxy       resources of its proxy, empty for those of every proxy
  ports       ports on which the service listens, in the order of strings, as the injector lists them
  opaque      ports among them on which the proxy looks into nothing
  native      whether the proxy is a native sidecar
  await       whether the service waits for the proxy
  local       control-plane APIs which this very pod serves: destination, identity or policy
*/}}

{{- define "weft.deploymentMeta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  app.kubernetes.io/name: {{ .component }}
  app.kubernetes.io/part-of: Linkerd
  app.kubernetes.io/version: {{ .root.Values.linkerdVersion | quote }}
  {{- include "weft.componentLabels" . | nindent 2 }}
annotations:
  {{- include "weft.annotations" .root | nindent 2 }}
{{- end -}}

{{- define "weft.deploymentSpec" -}}
replicas: {{ .root.Values.controllerReplicas | int }}
revisionHistoryLimit: {{ .root.Values.revisionHistoryLimit | int }}
selector:
  matchLabels:
    {{- include "weft.selectorLabels" . | nindent 4 }}
{{- with .root.Values.deploymentStrategy }}
strategy: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "weft.selectorLabels" -}}
linkerd.io/control-plane-component: {{ .component }}
linkerd.io/control-plane-ns: {{ .root.Release.Namespace }}
linkerd.io/proxy-deployment: {{ .name }}
{{- end -}}

{{- define "weft.podMeta" -}}
annotations:
  {{- include "weft.annotations" .root | nindent 2 }}
  cluster-autoscaler.kubernetes.io/safe-to-evict: "true"
  config.linkerd.io/default-inbound-policy: all-unauthenticated
  {{- with .opaque }}
  config.linkerd.io/opaque-ports: {{ . | quote }}
  {{- end }}
  linkerd.io/proxy-version: {{ include "weft.proxyVersion" .root | quote }}
  {{- with include "weft.trustDigest" .root }}
  linkerd.io/trust-root-sha256: {{ . }}
  {{- end }}
  {{- with .root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
labels:
  {{- include "weft.selectorLabels" . | nindent 2 }}
  linkerd.io/workload-ns: {{ .root.Release.Namespace }}
  {{- with .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Who runs the pod, and where. */}}
{{- define "weft.podFrame" -}}
serviceAccountName: {{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with .root.Values.topologySpreadConstraints }}
topologySpreadConstraints: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .root.Values.affinity }}
affinity: {{- toYaml .root.Values.affinity | nindent 2 }}
{{- else if .root.Values.enablePodAntiAffinity }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          labelSelector:
            matchExpressions:
              - key: linkerd.io/control-plane-component
                operator: In
                values:
                  - {{ .component }}
          topologyKey: topology.kubernetes.io/zone
    requiredDuringSchedulingIgnoredDuringExecution:
      - labelSelector:
          matchExpressions:
            - key: linkerd.io/control-plane-component
              operator: In
              values:
                - {{ .component }}
        topologyKey: kubernetes.io/hostname
{{- end }}
{{- end -}}

{{/* Image, security and resources of the service's container. */}}
{{- define "weft.serviceContainer" -}}
image: {{ include "weft.image" . }}
imagePullPolicy: {{ .root.Values.imagePullPolicy }}
{{- with include "weft.resources" .resources }}
{{ . }}
{{- end }}
securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop:
      - ALL
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: {{ .root.Values.controllerUID | int }}
  {{- if ge (int .root.Values.controllerGID) 0 }}
  runAsGroup: {{ .root.Values.controllerGID | int }}
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
terminationMessagePolicy: FallbackToLogsOnError
{{- end -}}

{{/* Environment of every service; level and form of its log. */}}
{{- define "weft.serviceEnv" -}}
{{- $level := .root.Values.controllerLogLevel -}}
- name: QUARKUS_LOG_LEVEL
  value: {{ eq $level "debug" | ternary "INFO" (upper $level) }}
- name: QUARKUS_LOG_CATEGORY__DEV_WEFT__LEVEL
  value: {{ upper $level }}
{{- if eq .root.Values.controllerLogFormat "json" }}
- name: QUARKUS_LOG_CONSOLE_JSON_ENABLED
  value: "true"
{{- end }}
{{- end -}}

{{- define "weft.serviceProbes" -}}
startupProbe:
  httpGet:
    path: /live
    port: {{ . }}
  periodSeconds: 1
  failureThreshold: 120
  timeoutSeconds: 1
livenessProbe:
  httpGet:
    path: /live
    port: {{ . }}
  initialDelaySeconds: 10
  timeoutSeconds: 1
readinessProbe:
  httpGet:
    path: /ready
    port: {{ . }}
  failureThreshold: 7
  timeoutSeconds: 1
{{- end -}}

{{/* What every service mounts: its rights at the API server, and a place for temporary files. */}}
{{- define "weft.serviceMounts" -}}
- name: kube-api-access
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- define "weft.serviceVolumes" -}}
- name: kube-api-access
  projected:
    defaultMode: 420
    sources:
      - serviceAccountToken:
          expirationSeconds: 3607
          path: token
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                apiVersion: v1
                fieldPath: metadata.namespace
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- end -}}

{{- define "weft.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "weft.disruptionBudget" -}}
{{- if .root.Values.enablePodDisruptionBudget }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .budget | default .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
  annotations:
    {{- include "weft.annotations" .root | nindent 4 }}
spec:
  maxUnavailable: {{ .root.Values.controller.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      linkerd.io/control-plane-component: {{ .component }}
{{- end }}
{{- end -}}
