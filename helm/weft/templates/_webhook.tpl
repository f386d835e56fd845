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
The certificate. Where the service makes its own the Secret is rendered empty: the service then needs the right to change
this one Secret, and none to create others, and an upgrade, which finds no data in the old and none in the new manifest,
leaves alone what the service wrote.
*/}}
{{- define "weft.webhookSecret" -}}
{{- if not .webhook.externalSecret }}
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
type: Opaque
{{- if .webhook.crtPEM }}
data:
  tls.crt: {{ .webhook.crtPEM | trim | b64enc }}
  tls.key: {{ .webhook.keyPEM | trim | b64enc }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether the service makes and renews its certificate; text, empty for no. */}}
{{- define "weft.webhookSelfSigned" -}}
{{- if not (or .webhook.externalSecret .webhook.crtPEM) }}true{{ end -}}
{{- end -}}

{{/* The rights to keep a certificate of its own: this Secret, and this webhook configuration. */}}
{{- define "weft.webhookRights" -}}
{{- if include "weft.webhookSelfSigned" . }}
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
    verbs: ["get", "list", "watch", "update", "patch"]
    resourceNames: [{{ .secret | quote }}]
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
    verbs: ["get", "list", "watch", "patch"]
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

{{- define "weft.webhookMount" -}}
- name: tls
  mountPath: /var/run/linkerd/tls
  readOnly: true
{{- end -}}

{{- define "weft.webhookVolume" -}}
- name: tls
  secret:
    secretName: {{ . }}
    optional: true
{{- end -}}
