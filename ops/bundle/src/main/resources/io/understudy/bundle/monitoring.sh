# shellcheck shell=bash disable=SC2154 # What is set in install.sh and host.sh is used here.
# For install.sh beside it. Sourced, not run. Prometheus and Alertmanager, where the cluster has channels for alerts.

has_monitoring() { [ -e "$BUNDLE/files$UNITS/understudy-alertmanager.service" ]; }

# Debian's packages start services of their own, with configurations that watch nothing. One that was there before is somebody's.
silence_debians_own() { # PACKAGE-JUST-INSTALLED...
  local package
  for package; do
    [[ $package =~ ^prometheus(-alertmanager)?$ ]] || continue
    $CHECK || change "unit $package.service of Debian's is off" silence "$package.service"
  done
}
silence() { # UNIT
  systemctl disable --quiet "$1"
  if [ -d /run/systemd/system ]; then systemctl stop "$1"; fi
}

run_monitoring() {
  local folder=/etc/understudy sealed=("${ALERT_SECRETS[@]/%/.cred}")
  run_unit understudy-prometheus.service true "$folder"/prometheus/{prometheus.yml,understudy.rules.yml}
  run_unit understudy-alertmanager.service true "$folder"/alertmanager/{alertmanager.yml,understudy.tmpl,with-token.sh} \
    "$ALERT_DROP_IN" "${ALERT_SECRETS[@]/#/$CREDENTIALS/}" "${sealed[@]/#/$CREDENTIALS/}"
}
