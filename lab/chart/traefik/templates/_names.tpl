{{/* Name of the objects: the release's, which says traefik somewhere. */}}
{{- define "traefik.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Name of cluster-wide objects: no other release may have it. */}}
{{- define "traefik.clusterName" -}}
{{- printf "%s-%s" (include "traefik.fullname" .) .Release.Namespace | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "traefik.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ default (printf "%s-%s" .Release.Name .Release.Namespace) .Values.instanceLabelOverride | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "traefik.labels" -}}
{{ include "traefik.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "traefik.image" -}}
{{- with .Values.image -}}
{{ .registry | default "docker.io" }}/{{ .repository | default "traefik" }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* A port's name has at most 15 characters. */}}
{{- define "traefik.portName" -}}
{{- . | lower | trunc 15 | trimSuffix "-" -}}
{{- end -}}

{{/* A Kubernetes quantity of memory in bytes. */}}
{{- define "traefik.bytes" -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $number := regexFind "^[0-9.]+" (toString .) -}}
{{- $unit := trimPrefix $number (toString .) -}}
{{- if not (hasKey $units $unit) }}{{ fail (printf "resources.limits.memory: %q must be a number with one of the units k, M, G, T, Ki, Mi, Gi, Ti or none" (toString .)) }}{{ end -}}
{{- mulf (float64 $number) (get $units $unit) -}}
{{- end -}}
