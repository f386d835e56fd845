{{/* What a schema cannot say; each message names values, cause and fix. */}}
{{- define "weft.validate" -}}
{{- if and (not .Values.identity.externalCA) (not (trim .Values.identityTrustAnchorsPEM)) }}
{{- fail "identityTrustAnchorsPEM is empty; cause: nothing in the mesh trusts anything without anchors; fix: --set-file identityTrustAnchorsPEM=ca.crt with your root certificates, or identity.externalCA=true if something else keeps ConfigMap linkerd-identity-trust-roots" }}
{{- end }}
{{- $issuer := .Values.identity.issuer }}
{{- if eq $issuer.scheme "linkerd.io/tls" }}
{{- if or (not $issuer.tls.crtPEM) (not $issuer.tls.keyPEM) }}
{{- fail "identity.issuer.tls is incomplete; cause: scheme linkerd.io/tls makes Secret linkerd-identity-issuer of crtPEM and keyPEM; fix: --set-file identity.issuer.tls.crtPEM=issuer.crt --set-file identity.issuer.tls.keyPEM=issuer.key, or identity.issuer.scheme=kubernetes.io/tls if something else keeps that Secret" }}
{{- end }}
{{- else if or $issuer.tls.crtPEM $issuer.tls.keyPEM }}
{{- fail "identity.issuer.tls is set; cause: with scheme kubernetes.io/tls something else keeps Secret linkerd-identity-issuer; fix: leave crtPEM and keyPEM out, or use scheme linkerd.io/tls" }}
{{- end }}
{{- include "weft.validateWebhook" (dict "name" "proxyInjector" "webhook" .Values.proxyInjector) }}
{{- include "weft.validateWebhook" (dict "name" "policyValidator" "webhook" .Values.policyValidator) }}
{{- include "weft.validateWebhook" (dict "name" "profileValidator" "webhook" .Values.profileValidator) }}
{{- if and (gt (int .Values.proxyInit.closeWaitTimeoutSecs) 0) (not .Values.proxyInit.runAsRoot) }}
{{- fail "proxyInit.closeWaitTimeoutSecs is set; cause: the time-out of half-closed connections can be set by root only; fix: leave it 0, or proxyInit.runAsRoot=true" }}
{{- end }}
{{- with .Values.proxy.tracing }}
{{- if and .enabled (or (not .collector.endpoint) (not .collector.meshIdentity.serviceAccountName) (not .collector.meshIdentity.namespace)) }}
{{- fail "proxy.tracing.enabled is set; cause: the collector is not known; fix: set proxy.tracing.collector.endpoint and proxy.tracing.collector.meshIdentity.serviceAccountName and .namespace" }}
{{- end }}
{{- end }}
{{- with .Values.controllerImage }}
{{- fail (printf "controllerImage=%s is refused; cause: each service of Weft has an image of its own; fix: imageRegistry=REGISTRY/PATH, where identity, destination, policy and injector are" .) }}
{{- end }}
{{- if .Values.enablePSP }}
{{- fail "enablePSP is true; cause: Kubernetes has had no PodSecurityPolicies since 1.25; fix: leave it out; label the namespace for Pod Security admission instead" }}
{{- end }}
{{- end -}}

{{- define "weft.validateWebhook" -}}
{{- $name := .name }}
{{- with .webhook }}
{{- $injected := or .injectCaFrom .injectCaFromSecret }}
{{- if and .injectCaFrom .injectCaFromSecret }}
{{- fail (printf "%s.injectCaFrom and %s.injectCaFromSecret are both set; cause: cert-manager injects from one of them; fix: leave one out" $name $name) }}
{{- end }}
{{- if and $injected .caBundle }}
{{- fail (printf "%s.caBundle is set beside %s.injectCaFrom or injectCaFromSecret; cause: cert-manager would overwrite it; fix: leave one of them out" $name $name) }}
{{- end }}
{{- if and $injected (not .externalSecret) }}
{{- fail (printf "%s.injectCaFrom or injectCaFromSecret is set without %s.externalSecret; cause: the service would serve a certificate of its own, which that authority did not sign; fix: %s.externalSecret=true" $name $name $name) }}
{{- end }}
{{- if and .externalSecret (not $injected) (not .caBundle) }}
{{- fail (printf "%s.externalSecret is true, but nothing says whom the API server trusts; fix: set one of %s.caBundle, %s.injectCaFrom, %s.injectCaFromSecret" $name $name $name $name) }}
{{- end }}
{{- if and .externalSecret (or .crtPEM .keyPEM) }}
{{- fail (printf "%s.crtPEM or keyPEM is set beside %s.externalSecret; cause: the Secret would have two keepers; fix: leave one of them out" $name $name) }}
{{- end }}
{{- if ne (empty .crtPEM) (empty .keyPEM) }}
{{- fail (printf "%s.crtPEM and %s.keyPEM go together; fix: set both or none" $name $name) }}
{{- end }}
{{- if and .crtPEM (not .caBundle) }}
{{- fail (printf "%s.crtPEM is set without %s.caBundle; cause: nothing says whom the API server trusts; fix: set %s.caBundle to the authority which signed it" $name $name $name) }}
{{- end }}
{{- if and .caBundle (not .crtPEM) (not .externalSecret) }}
{{- fail (printf "%s.caBundle is set without a certificate; cause: the service would serve one of its own, which that authority did not sign; fix: set %s.crtPEM and keyPEM, or %s.externalSecret=true" $name $name $name) }}
{{- end }}
{{- end }}
{{- end -}}
