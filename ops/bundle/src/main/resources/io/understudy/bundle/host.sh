# shellcheck shell=bash disable=SC2034 # What is set here is used by the scripts beside it.
# For install.sh and uninstall.sh beside it. Sourced, not run.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
umask 022
BUNDLE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
INSTALLED=/etc/understudy/host.json
CREDENTIALS=/etc/understudy/credentials
UNITS=/etc/systemd/system
DROP_IN=$UNITS/understudyd.service.d/credentials.conf
ALERT_DROP_IN=$UNITS/understudy-alertmanager.service.d/credentials.conf
FIREWALL_UNIT=understudy-firewall.service
FIREWALL_DROP_INS=$UNITS/$FIREWALL_UNIT.d
STOP_ALLOWED=/run/systemd/system/$FIREWALL_UNIT.d
CHECK=false DIFFERENCES=0 STATUS=1 STEP=''

fail() {
  echo "${0##*/}: $1" >&2
  exit "$STATUS"
}
wrong() {
  echo "${0##*/}: $1; see ./${0##*/} --help" >&2
  exit 2
}
unexpected() { # LINE
  [ "$BASHPID" = $$ ] || exit 1
  fail "${STEP:-a check} failed (line $1), see above; mend that and run it again"
}
trap 'unexpected $LINENO' ERR

# change WHAT COMMAND...: does it and says so; with --check only says so.
change() {
  local what=$1
  shift
  DIFFERENCES=$((DIFFERENCES + 1))
  if $CHECK; then
    echo "differs: $what"
    return
  fi
  STEP=$what
  "$@"
  echo "changed: $what"
}

# quietly COMMAND...: shows what it prints only when it fails, but for what our own packages say.
quietly() {
  local log
  log=$(mktemp)
  if "$@" </dev/null >"$log" 2>&1; then
    grep -E '^understudy(-node)?: ' "$log" || true
    rm -f "$log"
    return 0
  fi
  tail -n 15 "$log" >&2
  rm -f "$log"
  return 1
}

usage() { sed -n '2,/^set -E/{/^#/s/^# \{0,1\}//p}' "$0"; }

check_root() { [ "$(id -u)" -eq 0 ] || fail "only root may do this; run it with sudo"; }

json_text() { sed -n "s/^  \"$2\" : \"\(.*\)\",\{0,1\}\$/\1/p" "$1"; } # FILE KEY: a text at the top of a host.json
json_targets() { sed -n 's/^ *"target" : "\(.*\)",\{0,1\}$/\1/p' "$1"; }
among() { # WORD WORD...
  local word=$1 other
  shift
  for other; do [ "$other" != "$word" ] || return 0; done
  return 1
}

# installed_cluster, installed_host: what the bundle that is in force here says.
installed_cluster() { json_text "$INSTALLED" cluster; }
installed_host() { json_text "$INSTALLED" host; }

tunnels() { printf '%s\n' "$@" | sed -n 's|^/etc/wireguard/\(.*\)\.conf$|\1|p'; } # TARGET...
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
