{{/*
What the admission webhooks have in common. The templates take a dict of
  root           the chart's context
  component      the component that serves it
  account        its ServiceAccount
  service        the Service by which the API server reaches it
  secret         the Secret with its certificate
  port           the name of the container's port
  configuration  the name of the webhook configuration, and kind, the plural of its kind
  webhook        its part of the values
*/}}

{{- define "weft.webhookService" -}}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .service }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
  annotations:
    {{- include "weft.annotations" .root | nindent 4 }}
    config.linkerd.io/opaque-ports: "443"
spec:
  type: ClusterIP
  selector:
    linkerd.io/control-plane-component: {{ .component }}
  ports:
    - name: {{ .port }}
      port: 443
      targetPort: {{ .port }}
{{- end -}}

{{/*
The certificate, where it is given. One which the service makes itself is in a Secret of that name, too, which the service
creates and the webhook configuration owns: rendering it here would wipe it on every upgrade.
*/}}
{{- define "weft.webhookSecret" -}}
{{- if .webhook.crtPEM }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .secret }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
  annotations:
    {{- include "weft.annotations" .root | nindent 4 }}
type: kubernetes.io/tls
data:
  tls.crt: {{ .webhook.crtPEM | trim | b64enc }}
  tls.key: {{ .webhook.keyPEM | trim | b64enc }}
{{- end }}
{{- end -}}

{{/* Whether somebody else makes and renews the certificate; text, empty for no. */}}
{{- define "weft.webhookGiven" -}}
{{- if and (include "weft.webhookServed" .) (or .webhook.externalSecret .webhook.crtPEM) }}true{{ end -}}
{{- end -}}

{{/* The rights to keep a certificate of its own: this Secret, and this webhook configuration. */}}
{{- define "weft.webhookRights" -}}
{{- if not (include "weft.webhookGiven" .) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ .service }}-certificate
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
rules:
  - apiGroups: [""]
    resources: ["secrets"]
    verbs: ["get", "update"]
    resourceNames: [{{ .secret | quote }}]
  # Creating cannot be limited to a name.
  - apiGroups: [""]
    resources: ["secrets"]
    verbs: ["create"]
  # By which the replicas choose the one that renews.
  - apiGroups: ["coordination.k8s.io"]
    resources: ["leases"]
    verbs: ["get", "patch"]
    resourceNames: ["{{ .service }}-certificate"]
  - apiGroups: ["coordination.k8s.io"]
    resources: ["leases"]
    verbs: ["create"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .service }}-certificate
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .service }}-certificate
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .root.Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: linkerd-{{ .root.Release.Namespace }}-{{ trimPrefix "linkerd-" .service }}-certificate
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
rules:
  - apiGroups: ["admissionregistration.k8s.io"]
    resources: [{{ .kind | quote }}]
    verbs: ["get", "update"]
    resourceNames: [{{ .configuration | quote }}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: linkerd-{{ .root.Release.Namespace }}-{{ trimPrefix "linkerd-" .service }}-certificate
  labels:
    {{- include "weft.componentLabels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: linkerd-{{ .root.Release.Namespace }}-{{ trimPrefix "linkerd-" .service }}-certificate
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
{{- end -}}

{{- define "weft.webhookMeta" -}}
name: {{ .configuration }}
labels:
  {{- include "weft.componentLabels" . | nindent 2 }}
{{- with .webhook.injectCaFrom }}
annotations:
  cert-manager.io/inject-ca-from: {{ . }}
{{- end }}
{{- with .webhook.injectCaFromSecret }}
annotations:
  cert-manager.io/inject-ca-from-secret: {{ . }}
{{- end }}
{{- end -}}

{{/* Without caBundle, unless it is given: whoever keeps the certificate adds it, and an upgrade leaves it alone. */}}
{{- define "weft.webhookClient" -}}
admissionReviewVersions: ["v1", "v1beta1"]
clientConfig:
  service:
    name: {{ .service }}
    namespace: {{ .root.Release.Namespace }}
    path: /
    port: 443
  {{- with .webhook.caBundle }}
  caBundle: {{ . | trim | b64enc }}
  {{- end }}
failurePolicy: {{ .root.Values.webhookFailurePolicy }}
sideEffects: None
{{- end -}}

{{/* What the service is told of its webhook; a directory where somebody else keeps the certificate. */}}
{{- define "weft.webhookEnv" -}}
{{- if not (include "weft.webhookServed" .) -}}
- name: WEFT_WEBHOOK_ENABLED
  value: "false"
{{- else -}}
- name: WEFT_WEBHOOK_NAMESPACE
  value: {{ .root.Release.Namespace }}
{{- if include "weft.webhookGiven" . }}
- name: WEFT_WEBHOOK_TLS_DIRECTORY
  value: /var/run/linkerd/tls
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether there is a webhook, text, empty for no: validators may be switched off, the injector may not. */}}
{{- define "weft.webhookServed" -}}
{{- if or (not (hasKey .webhook "enabled")) .webhook.enabled }}true{{ end -}}
{{- end -}}

{{- define "weft.webhookMount" -}}
{{- if include "weft.webhookGiven" . }}
- name: tls
  mountPath: /var/run/linkerd/tls
  readOnly: true
{{- end }}
{{- end -}}

{{- define "weft.webhookVolume" -}}
{{- if include "weft.webhookGiven" . }}
- name: tls
  secret:
    secretName: {{ .secret }}
{{- end }}
{{- end -}}
