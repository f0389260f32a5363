{{- define "sommelier.name" -}}
{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "sommelier.selector" -}}
app.kubernetes.io/name: sommelier
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sommelier.labels" -}}
{{ include "sommelier.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "sommelier.secret" -}}
{{ .Values.secrets.existing | default (include "sommelier.name" .) }}
{{- end }}
