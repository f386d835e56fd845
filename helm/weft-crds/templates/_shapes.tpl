{{/* Shapes which several schemas share: name → rule. */}}

{{- define "weft-crds.shape.name" -}}
type: string
minLength: 1
maxLength: 253
{{- end -}}

{{- define "weft-crds.shape.kind" -}}
type: string
minLength: 1
maxLength: 63
pattern: ^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$
{{- end -}}

{{- define "weft-crds.shape.group" -}}
type: string
maxLength: 253
pattern: ^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
{{- end -}}

{{- define "weft-crds.shape.namespace" -}}
type: string
minLength: 1
maxLength: 63
pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
{{- end -}}

{{- define "weft-crds.shape.hostname" -}}
type: string
minLength: 1
maxLength: 253
pattern: ^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
{{- end -}}

{{- define "weft-crds.shape.port" -}}
type: integer
format: int32
minimum: 1
maximum: 65535
{{- end -}}

{{- define "weft-crds.shape.label" -}}
type: string
pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
{{- end -}}

{{/* A selector over labels. */}}
{{- define "weft-crds.shape.selector" -}}
type: object
properties:
  matchLabels:
    type: object
    additionalProperties:
      type: string
  matchExpressions:
    type: array
    items:
      type: object
      required: ["key", "operator"]
      properties:
        key:
          type: string
        operator:
          type: string
          enum: ["In", "NotIn", "Exists", "DoesNotExist"]
        values:
          type: array
          items:
            type: string
{{- end -}}

{{/* A block of addresses with exceptions. */}}
{{- define "weft-crds.shape.network" -}}
type: object
required: ["cidr"]
properties:
  cidr:
    description: A block such as 10.0.0.0/8, or an address.
    type: string
  except:
    description: Blocks or addresses within cidr that are left out.
    type: array
    items:
      type: string
{{- end -}}

{{/* A reference to an object in the same namespace. */}}
{{- define "weft-crds.shape.localRef" -}}
type: object
required: ["kind", "name"]
properties:
  group:
    {{- include "weft-crds.shape.group" . | nindent 4 }}
  kind:
    {{- include "weft-crds.shape.kind" . | nindent 4 }}
  name:
    {{- include "weft-crds.shape.name" . | nindent 4 }}
{{- end -}}

{{/* Conditions of a status; each type once where "map" is given. */}}
{{- define "weft-crds.shape.conditions" -}}
type: array
items:
  type: object
  required: ["type", "status"]
  properties:
    type:
      type: string
      maxLength: 316
    status:
      type: string
      enum: ["True", "False", "Unknown"]
    reason:
      type: string
      minLength: 1
      maxLength: 1024
    message:
      type: string
      maxLength: 32768
    lastTransitionTime:
      type: string
      format: date-time
    observedGeneration:
      type: integer
      format: int64
      minimum: 0
{{- end -}}

{{/* Conditions within a condition of a ServiceProfile. */}}
{{- define "weft-crds.serviceProfile.nested" -}}
type: array
items:
  type: object
  x-kubernetes-preserve-unknown-fields: true
{{- end -}}
