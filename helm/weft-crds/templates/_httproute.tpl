{{/* The parts of policy.linkerd.io HTTPRoute, which its four versions share. */}}

{{- define "weft-crds.httpRoute.columns" -}}
- name: Hostnames
  type: string
  jsonPath: .spec.hostnames
- name: Age
  type: date
  jsonPath: .metadata.creationTimestamp
{{- end -}}

{{/* The schema; takes backendRefs ("full" or "old") and whether rules have timeouts. */}}
{{- define "weft-crds.httpRoute.schema" -}}
description: Routes HTTP requests; for a Server who they are from, for a Service where they go.
type: object
required: ["spec"]
properties:
  apiVersion:
    type: string
  kind:
    type: string
  metadata:
    type: object
  spec:
    type: object
    properties:
      parentRefs:
        description: The Servers, Services or EgressNetworks whose requests the route is for.
        type: array
        maxItems: 32
        items:
          {{- include "weft-crds.httpRoute.parentRef" . | nindent 10 }}
      hostnames:
        type: array
        maxItems: 16
        items:
          {{- include "weft-crds.shape.hostname" . | nindent 10 }}
      rules:
        type: array
        maxItems: 16
        default:
          - matches:
              - path:
                  type: PathPrefix
                  value: /
        items:
          type: object
          properties:
            matches:
              {{- include "weft-crds.httpRoute.matches" . | nindent 14 }}
            filters:
              type: array
              maxItems: 16
              items:
                {{- include "weft-crds.httpRoute.filter" (list "RequestHeaderModifier" "RequestRedirect") | nindent 16 }}
            backendRefs:
              type: array
              maxItems: 16
              items:
                {{- if eq .backendRefs "full" }}
                {{- include "weft-crds.httpRoute.backendRef" . | nindent 16 }}
                {{- else }}
                type: object
                required: ["name"]
                properties:
                  name:
                    {{- include "weft-crds.shape.name" . | nindent 20 }}
                  namespace:
                    default: default
                    {{- include "weft-crds.shape.namespace" . | nindent 20 }}
                  port:
                    {{- include "weft-crds.shape.port" . | nindent 20 }}
                {{- end }}
            {{- if .timeouts }}
            timeouts:
              type: object
              properties:
                request:
                  description: For the whole request with its retries, such as 10s; 0s for no limit.
                  type: string
                  format: duration
                backendRequest:
                  description: For each attempt; not above request.
                  type: string
                  format: duration
            {{- end }}
  status:
    type: object
    required: ["parents"]
    properties:
      parents:
        type: array
        maxItems: 32
        items:
          type: object
          required: ["controllerName", "parentRef"]
          properties:
            controllerName:
              type: string
              minLength: 1
              maxLength: 253
              pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$
            parentRef:
              {{- include "weft-crds.httpRoute.parentRef" . | nindent 14 }}
            conditions:
              minItems: 1
              maxItems: 8
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: ["type"]
              {{- include "weft-crds.shape.conditions" . | nindent 14 }}
{{- end -}}

{{- define "weft-crds.httpRoute.parentRef" -}}
type: object
required: ["name"]
properties:
  group:
    default: policy.linkerd.io
    {{- include "weft-crds.shape.group" . | nindent 4 }}
  kind:
    default: Gateway
    {{- include "weft-crds.shape.kind" . | nindent 4 }}
  name:
    {{- include "weft-crds.shape.name" . | nindent 4 }}
  namespace:
    {{- include "weft-crds.shape.namespace" . | nindent 4 }}
  sectionName:
    {{- include "weft-crds.shape.name" . | nindent 4 }}
    pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
  port:
    {{- include "weft-crds.shape.port" . | nindent 4 }}
{{- end -}}

{{- define "weft-crds.httpRoute.matches" -}}
type: array
maxItems: 8
default:
  - path:
      type: PathPrefix
      value: /
items:
  type: object
  properties:
    path:
      type: object
      default:
        type: PathPrefix
        value: /
      properties:
        type:
          type: string
          enum: ["Exact", "PathPrefix", "RegularExpression"]
          default: PathPrefix
        value:
          type: string
          maxLength: 1024
          default: /
    headers:
      type: array
      maxItems: 16
      x-kubernetes-list-type: map
      x-kubernetes-list-map-keys: ["name"]
      items:
        type: object
        required: ["name", "value"]
        properties:
          type:
            type: string
            enum: ["Exact", "RegularExpression"]
            default: Exact
          name:
            {{- include "weft-crds.httpRoute.headerName" . | nindent 12 }}
          value:
            type: string
            minLength: 1
            maxLength: 4096
    queryParams:
      type: array
      maxItems: 16
      x-kubernetes-list-type: map
      x-kubernetes-list-map-keys: ["name"]
      items:
        type: object
        required: ["name", "value"]
        properties:
          type:
            type: string
            enum: ["Exact", "RegularExpression"]
            default: Exact
          name:
            {{- include "weft-crds.httpRoute.headerName" . | nindent 12 }}
          value:
            type: string
            minLength: 1
            maxLength: 1024
    method:
      type: string
      enum: ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
{{- end -}}

{{- define "weft-crds.httpRoute.headerName" -}}
type: string
minLength: 1
maxLength: 256
pattern: ^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$
{{- end -}}

{{/* A filter; takes the list of its types. */}}
{{- define "weft-crds.httpRoute.filter" -}}
type: object
required: ["type"]
properties:
  type:
    type: string
    enum: {{ . | toJson }}
  requestHeaderModifier:
    {{- include "weft-crds.httpRoute.headerModifier" . | nindent 4 }}
  {{- if has "ResponseHeaderModifier" . }}
  responseHeaderModifier:
    {{- include "weft-crds.httpRoute.headerModifier" . | nindent 4 }}
  {{- end }}
  requestRedirect:
    type: object
    properties:
      scheme:
        type: string
        enum: ["http", "https"]
      hostname:
        type: string
        minLength: 1
        maxLength: 253
        pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
      path:
        type: object
        required: ["type"]
        properties:
          type:
            type: string
            enum: ["ReplaceFullPath", "ReplacePrefixMatch"]
          replaceFullPath:
            type: string
            maxLength: 1024
          replacePrefixMatch:
            type: string
            maxLength: 1024
      port:
        {{- include "weft-crds.shape.port" . | nindent 8 }}
      statusCode:
        type: integer
        enum: [301, 302]
        default: 302
{{- end -}}

{{- define "weft-crds.httpRoute.headerModifier" -}}
type: object
properties:
  {{- range $action := list "set" "add" }}
  {{ $action }}:
    type: array
    maxItems: 16
    x-kubernetes-list-type: map
    x-kubernetes-list-map-keys: ["name"]
    items:
      type: object
      required: ["name", "value"]
      properties:
        name:
          {{- include "weft-crds.httpRoute.headerName" $ | nindent 10 }}
        value:
          type: string
          minLength: 1
          maxLength: 4096
  {{- end }}
  remove:
    type: array
    maxItems: 16
    items:
      type: string
{{- end -}}

{{- define "weft-crds.httpRoute.backendRef" -}}
type: object
required: ["name"]
properties:
  group:
    default: ""
    {{- include "weft-crds.shape.group" . | nindent 4 }}
  kind:
    default: Service
    {{- include "weft-crds.shape.kind" . | nindent 4 }}
  name:
    {{- include "weft-crds.shape.name" . | nindent 4 }}
  namespace:
    {{- include "weft-crds.shape.namespace" . | nindent 4 }}
  port:
    {{- include "weft-crds.shape.port" . | nindent 4 }}
  weight:
    type: integer
    format: int32
    minimum: 0
    maximum: 1000000
    default: 1
  filters:
    type: array
    maxItems: 16
    items:
      {{- include "weft-crds.httpRoute.filter" (list "RequestHeaderModifier" "ResponseHeaderModifier" "RequestRedirect") | nindent 6 }}
{{- end -}}
