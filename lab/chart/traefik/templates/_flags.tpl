{{/* Traefik's static configuration as command-line flags, one a line. */}}
{{- define "traefik.flags" -}}
{{- if not .Values.global.checkNewVersion }}
--global.checkNewVersion=false
{{- end }}
{{- if .Values.global.sendAnonymousUsage }}
--global.sendAnonymousUsage
{{- end }}
--ping=true
--api.dashboard={{ .Values.api.dashboard }}
{{- with .Values.api.dashboardName }}
--api.dashboardName={{ . }}
{{- end }}
{{- if kindIs "bool" .Values.api.disableDashboardAd }}
--api.disableDashboardAd={{ .Values.api.disableDashboardAd }}
{{- end }}
--log.level={{ .Values.log.level | upper }}
{{- with .Values.log.format }}
--log.format={{ . }}
{{- end }}
{{- if and .Values.log.noColor (ne (.Values.log.format | default "common") "json") }}
--log.noColor=true
{{- end }}
{{- if .Values.accessLog.enabled }}
--accesslog=true
{{- with .Values.accessLog.format }}
--accesslog.format={{ . }}
{{- end }}
{{- with .Values.accessLog.filters.statusCodes }}
--accesslog.filters.statuscodes={{ . }}
{{- end }}
{{- with .Values.accessLog.filters.minDuration }}
--accesslog.filters.minduration={{ . }}
{{- end }}
{{- with .Values.accessLog.fields }}
--accesslog.fields.defaultmode={{ .defaultMode }}
--accesslog.fields.headers.defaultmode={{ .headers.defaultMode }}
{{- range $name, $mode := .headers.names }}
--accesslog.fields.headers.names.{{ $name }}={{ $mode }}
{{- end }}
{{- with .queryParameters.defaultMode }}
--accesslog.fields.queryparameters.defaultmode={{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.metrics.prometheus }}
--metrics.prometheus=true
--metrics.prometheus.entrypoint={{ .entryPoint }}
{{- range $flag := list "addEntryPointsLabels" "addRoutersLabels" "addServicesLabels" }}
{{- if kindIs "bool" (get $.Values.metrics.prometheus $flag) }}
--metrics.prometheus.{{ $flag }}={{ get $.Values.metrics.prometheus $flag }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.tracing.otlp.enabled }}
--tracing.otlp=true
{{- with .Values.tracing.serviceName }}
--tracing.serviceName={{ . }}
{{- end }}
{{- if kindIs "float64" .Values.tracing.sampleRate }}
--tracing.sampleRate={{ .Values.tracing.sampleRate }}
{{- end }}
{{- if .Values.tracing.otlp.http.enabled }}
--tracing.otlp.http=true
--tracing.otlp.http.endpoint={{ .Values.tracing.otlp.http.endpoint }}
{{- end }}
{{- end }}
{{- range $name, $port := .Values.ports }}
{{- if $port }}
{{- include "traefik.entryPointFlags" (dict "name" $name "port" $port "ports" $.Values.ports) }}
{{- end }}
{{- end }}
{{- include "traefik.providerFlags" . }}
{{- include "traefik.valueFlags" (dict "flag" "--certificatesresolvers" "values" .Values.certificatesResolvers) }}
{{- range $name, $plugin := .Values.experimental.localPlugins }}
--experimental.localPlugins.{{ $name }}.moduleName={{ $plugin.moduleName }}
{{- end }}
{{- if .Values.experimental.abortOnPluginFailure }}
--experimental.abortonpluginfailure=true
{{- end }}
{{- range .Values.additionalArguments }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "traefik.entryPointFlags" -}}
{{- $entryPoint := printf "--entryPoints.%s" .name }}
{{ $entryPoint }}.address=:{{ .port.port }}/{{ .port.protocol | default "TCP" | lower }}
{{- if kindIs "bool" .port.asDefault }}
{{ $entryPoint }}.asDefault={{ .port.asDefault }}
{{- end }}
{{- with ((.port.http).redirections).entryPoint }}
{{- $target := get $.ports .to }}
{{- if not $target }}{{ fail (printf "ports.%s.http.redirections.entryPoint.to: %q is none of the ports" $.name .to) }}{{ end }}
{{ $entryPoint }}.http.redirections.entryPoint.to=:{{ $target.exposedPort }}
{{- with .scheme }}
{{ $entryPoint }}.http.redirections.entryPoint.scheme={{ . }}
{{- end }}
{{- with .priority }}
{{ $entryPoint }}.http.redirections.entryPoint.priority={{ . }}
{{- end }}
{{- if hasKey . "permanent" }}
{{ $entryPoint }}.http.redirections.entryPoint.permanent={{ .permanent }}
{{- end }}
{{- end }}
{{- with (.port.http).middlewares }}
{{ $entryPoint }}.http.middlewares={{ join "," . }}
{{- end }}
{{- if ((.port.http).tls).enabled }}
{{ $entryPoint }}.http.tls=true
{{- with .port.http.tls.options }}
{{ $entryPoint }}.http.tls.options={{ . }}
{{- end }}
{{- end }}
{{- if (.port.http3).enabled }}
{{ $entryPoint }}.http3=true
{{- with .port.http3.advertisedPort }}
{{ $entryPoint }}.http3.advertisedPort={{ . }}
{{- end }}
{{- end }}
{{- range $source := list "forwardedHeaders" "proxyProtocol" }}
{{- with get $.port $source }}
{{- if .insecure }}{{ fail (printf "ports.%s.%s.insecure: true would let every client forge its address; name trustedIPs" $.name $source) }}{{ end }}
{{- with .trustedIPs }}
{{ $entryPoint }}.{{ $source }}.trustedIPs={{ join "," . }}
{{- end }}
{{- end }}
{{- end }}
{{- with (.port.transport).keepAliveMaxTime }}
{{ $entryPoint }}.transport.keepAliveMaxTime={{ . }}
{{- end }}
{{- range $group := list "respondingTimeouts" "lifeCycle" }}
{{- range $key, $value := get ($.port.transport | default dict) $group | default dict }}
{{- if ne (toString $value) "<nil>" }}
{{ $entryPoint }}.transport.{{ $group }}.{{ $key }}={{ $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "traefik.providerFlags" -}}
{{- $published := printf "%s/%s" .Release.Namespace (include "traefik.fullname" .) }}
{{- with .Values.providers.kubernetesCRD }}
{{- if .enabled }}
--providers.kubernetescrd
{{- include "traefik.kubernetesFlags" (dict "flag" "--providers.kubernetescrd" "provider" .) }}
{{- if .allowCrossNamespace }}
--providers.kubernetescrd.allowCrossNamespace=true
{{- end }}
{{- if .safeNaming }}
--providers.kubernetescrd.safeNaming=true
{{- end }}
{{- with .defaultTLSResourcesNamespace }}
--providers.kubernetescrd.defaultTLSResourcesNamespace={{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.providers.kubernetesIngress }}
{{- if .enabled }}
--providers.kubernetesingress
{{- include "traefik.kubernetesFlags" (dict "flag" "--providers.kubernetesingress" "provider" .) }}
{{- if and .publishedService.enabled $.Values.service.enabled }}
--providers.kubernetesingress.ingressendpoint.publishedservice={{ $published }}
{{- end }}
{{- if .strictPrefixMatching }}
--providers.kubernetesingress.strictPrefixMatching=true
{{- end }}
{{- with .ingressEndpoint.hostname }}
--providers.kubernetesingress.ingressendpoint.hostname={{ . }}
{{- end }}
{{- with .ingressEndpoint.ip }}
--providers.kubernetesingress.ingressendpoint.ip={{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.providers.kubernetesIngressNGINX }}
{{- if .enabled }}
--providers.kubernetesingressnginx
{{- range $key := list "controllerClass" "ingressClass" "watchNamespace" "publishStatusAddress" "httpEntryPoint" "httpsEntryPoint" }}
{{- with get $.Values.providers.kubernetesIngressNGINX $key }}
--providers.kubernetesingressnginx.{{ $key }}={{ . }}
{{- end }}
{{- end }}
{{- if and .publishService.enabled $.Values.service.enabled }}
--providers.kubernetesingressnginx.publishservice={{ $published }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.providers.kubernetesGateway }}
{{- if .enabled }}
--providers.kubernetesgateway
{{- with .labelSelector }}
--providers.kubernetesgateway.labelSelector={{ . }}
{{- end }}
{{- with .namespaces }}
--providers.kubernetesgateway.namespaces={{ join "," . }}
{{- end }}
{{- with .statusAddress.ip }}
--providers.kubernetesgateway.statusaddress.ip={{ . }}
{{- end }}
{{- with .statusAddress.hostname }}
--providers.kubernetesgateway.statusaddress.hostname={{ . }}
{{- end }}
{{- if and .statusAddress.service.enabled $.Values.service.enabled }}
--providers.kubernetesgateway.statusaddress.service.name={{ include "traefik.fullname" $ }}
--providers.kubernetesgateway.statusaddress.service.namespace={{ $.Release.Namespace }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the providers for Traefik's own kinds and for Ingress have in common. */}}
{{- define "traefik.kubernetesFlags" -}}
{{- with .provider.ingressClass }}
{{ $.flag }}.ingressClass={{ . }}
{{- end }}
{{- with .provider.labelSelector }}
{{ $.flag }}.labelSelector={{ . }}
{{- end }}
{{- with .provider.namespaces }}
{{ $.flag }}.namespaces={{ join "," . }}
{{- end }}
{{- if .provider.allowExternalNameServices }}
{{ $.flag }}.allowExternalNameServices=true
{{- end }}
{{ $.flag }}.allowEmptyServices={{ .provider.allowEmptyServices }}
{{- end -}}

{{/* Values as flags named after their keys, as Traefik's own configuration has them; what is empty is left out. */}}
{{- define "traefik.valueFlags" -}}
{{- range $key, $value := .values }}
{{- $flag := printf "%s.%s" $.flag $key }}
{{- if kindIs "map" $value }}
{{- include "traefik.valueFlags" (dict "flag" $flag "values" $value) }}
{{- else if kindIs "slice" $value }}
{{ $flag }}={{ join "," $value }}
{{- else if kindIs "float64" $value }}
{{ $flag }}={{ printf "%.0f" $value }}
{{- else if or $value (kindIs "bool" $value) }}
{{ $flag }}={{ $value }}
{{- end }}
{{- end }}
{{- end -}}
