{{/* Names, labels and images which several objects share. */}}

{{- define "weft.trustDomain" -}}
{{- .Values.identityTrustDomain | default .Values.clusterDomain -}}
{{- end -}}

{{/* The end of every identity of a service account. */}}
{{- define "weft.identitySuffix" -}}
serviceaccount.identity.{{ .Release.Namespace }}.{{ include "weft.trustDomain" . }}
{{- end -}}

{{- define "weft.createdBy" -}}
{{- if .Values.cliVersion -}} linkerd/cli {{ .Values.cliVersion }} {{- else -}} linkerd/helm {{ .Values.linkerdVersion }} {{- end -}}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "weft.labels" -}}
linkerd.io/control-plane-ns: {{ .Release.Namespace }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of an object of one component; takes the component's frame, see weft.component. */}}
{{- define "weft.componentLabels" -}}
linkerd.io/control-plane-component: {{ .component }}
{{ include "weft.labels" .root }}
{{- end -}}

{{- define "weft.annotations" -}}
linkerd.io/created-by: {{ include "weft.createdBy" . }}
{{- end -}}

{{/* The image of a service; takes the component's frame. */}}
{{- define "weft.image" -}}
{{- $values := .root.Values -}}
{{ $values.imageRegistry }}/{{ .image }}:{{ $values.controllerImageVersion | default $values.linkerdVersion }}
{{- end -}}

{{- define "weft.proxyVersion" -}}
{{- .Values.proxy.image.version | default .Values.linkerdVersion -}}
{{- end -}}

{{- define "weft.proxyImage" -}}
{{ .Values.proxy.image.name }}:{{ include "weft.proxyVersion" . }}
{{- end -}}

{{- define "weft.proxyPullPolicy" -}}
{{- .Values.proxy.image.pullPolicy | default .Values.imagePullPolicy -}}
{{- end -}}

{{/* The digest which tells pods with other trust anchors apart; "" where someone else keeps the anchors. */}}
{{- define "weft.trustDigest" -}}
{{- with .Values.identityTrustAnchorsPEM }}{{ . | trim | sha256sum }}{{ end -}}
{{- end -}}

{{/* A container's resources from request and limit of cpu, memory, ephemeral-storage. */}}
{{- define "weft.resources" -}}
{{- $requests := dict -}}
{{- $limits := dict -}}
{{- range $resource := list "cpu" "memory" "ephemeral-storage" -}}
{{- $amount := get $ $resource | default dict -}}
{{- with $amount.request }}{{ $_ := set $requests $resource . }}{{ end -}}
{{- with $amount.limit }}{{ $_ := set $limits $resource . }}{{ end -}}
{{- end -}}
{{- if or $requests $limits -}}
resources:
  {{- with $limits }}
  limits: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $requests }}
  requests: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}
