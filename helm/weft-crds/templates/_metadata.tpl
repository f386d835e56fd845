{{- define "weft-crds.labels" -}}
linkerd.io/control-plane-ns: {{ .Release.Namespace }}
{{- end -}}

{{- define "weft-crds.createdBy" -}}
{{- if .Values.cliVersion -}} linkerd/cli {{ .Values.cliVersion }} {{- else -}} linkerd/helm {{ .Chart.AppVersion }} {{- end -}}
{{- end -}}

{{/* Annotations and labels of a definition. */}}
{{- define "weft-crds.metadata" -}}
annotations:
  linkerd.io/created-by: {{ include "weft-crds.createdBy" . }}
labels:
  {{- include "weft-crds.labels" . | nindent 2 }}
{{- end -}}
