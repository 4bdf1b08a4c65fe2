{{/* The pod template of the Deployment and of the DaemonSet. */}}
{{- define "traefik.pod" -}}
metadata:
  labels:
    {{- include "traefik.labels" . | nindent 4 }}
    {{- with .Values.deployment.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $annotations := dict }}
  {{- with .Values.metrics.prometheus }}
  {{- $metricsPort := get $.Values.ports .entryPoint }}
  {{- if not $metricsPort }}{{ fail (printf "metrics.prometheus.entryPoint: %q is none of the ports" .entryPoint) }}{{ end }}
  {{- $annotations = dict "prometheus.io/scrape" "true" "prometheus.io/path" "/metrics" "prometheus.io/port" (toString $metricsPort.port) }}
  {{- end }}
  {{- with merge dict (.Values.deployment.podAnnotations | default dict) $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "traefik.fullname" . }}
  automountServiceAccountToken: true
  terminationGracePeriodSeconds: {{ .Values.deployment.terminationGracePeriodSeconds }}
  hostNetwork: {{ .Values.hostNetwork }}
  {{- with .Values.deployment.dnsPolicy }}
  dnsPolicy: {{ . }}
  {{- end }}
  {{- range $key := list "priorityClassName" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" }}
  {{- with get $.Values $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with .Values.deployment.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  containers:
    - name: {{ include "traefik.fullname" . }}
      image: {{ include "traefik.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- range include "traefik.flags" . | trim | splitList "\n" }}
        - {{ . | quote }}
        {{- end }}
      env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              fieldPath: metadata.namespace
        {{- with (.Values.resources.limits).cpu }}
        - name: GOMAXPROCS
          valueFrom:
            resourceFieldRef:
              resource: limits.cpu
              divisor: "1"
        {{- end }}
        {{- with (.Values.resources.limits).memory }}
        - name: GOMEMLIMIT
          value: {{ divf (mulf (include "traefik.bytes" .) $.Values.deployment.goMemLimitPercentage) 1048576 | int64 }}MiB
        {{- end }}
        {{- with .Values.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- range $name, $port := .Values.ports }}
        {{- if $port }}
        - name: {{ include "traefik.portName" $name }}
          containerPort: {{ $port.port }}
          {{- with $port.hostPort }}
          hostPort: {{ . }}
          {{- end }}
          protocol: {{ $port.protocol | default "TCP" }}
        {{- if ($port.http3).enabled }}
        - name: {{ include "traefik.portName" (printf "%s-http3" $name) }}
          containerPort: {{ $port.port }}
          {{- with $port.hostPort }}
          hostPort: {{ $port.http3.advertisedPort | default . }}
          {{- end }}
          protocol: UDP
        {{- end }}
        {{- end }}
        {{- end }}
      {{- if not .Values.ports.traefik }}{{ fail "ports.traefik: null would leave the probes without the entry point they ask" }}{{ end }}
      {{- range $probe := list "readinessProbe" "livenessProbe" }}
      {{ $probe }}:
        httpGet:
          path: /ping
          port: {{ $.Values.ports.traefik.port }}
          scheme: HTTP
        {{- toYaml (get $.Values $probe) | nindent 8 }}
      {{- end }}
      {{- with .Values.startupProbe }}
      startupProbe:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      volumeMounts:
        {{- if .Values.persistence.enabled }}
        - name: data
          mountPath: {{ .Values.persistence.path }}
        {{- end }}
        - name: tmp
          mountPath: /tmp
        {{- range .Values.volumes }}
        - name: {{ .name }}
          mountPath: {{ .mountPath }}
          readOnly: true
        {{- end }}
        {{- range $name, $plugin := .Values.experimental.localPlugins }}
        - name: {{ $name }}
          mountPath: {{ $plugin.mountPath | quote }}
          readOnly: true
        {{- end }}
  volumes:
    {{- if .Values.persistence.enabled }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ required "persistence.existingClaim: this chart makes no claim of its own" .Values.persistence.existingClaim }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- range .Values.volumes }}
    - name: {{ .name }}
      {{ .type }}:
        {{ ternary "secretName" "name" (eq .type "secret") }}: {{ .name }}
    {{- end }}
    {{- range $name, $plugin := .Values.experimental.localPlugins }}
    - name: {{ $name }}
      configMap:
        name: {{ include "traefik.fullname" $ }}-local-plugin-{{ $name }}
    {{- end }}
{{- end -}}
