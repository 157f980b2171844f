#!/usr/bin/env bash
# Takes away from this host what bundles put there: units, tunnels, firewall rules, files, and Understudy's packages. Run it as root. Of
# Debian's packages it removes none. It can run any number of times.
#
#   ./uninstall.sh [OPTION...]
#
#   --purge           removes secrets and what happened too: /etc/understudy/credentials, viewer-token, and /var/lib/understudy,
#                     -zookeeper, -prometheus, -alertmanager and -drills
#   --keep-packages   leaves Understudy's packages installed
#
# If this node serves a gateway, stopping it costs a takeover: switch over first.
#
# Exit status
#   0   nothing of the bundle is left, but for what is kept without --purge
#   1   refused: nothing was changed
#   2   the command line is wrong
#   4   a step failed; run it again
set -Eeuo pipefail

# shellcheck source-path=SCRIPTDIR source=host.sh
. "$(dirname "$0")/host.sh"

PURGE=false KEEP=false
FILES=()

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage; exit 0 ;;
      --purge) PURGE=true ;;
      --keep-packages) KEEP=true ;;
      *) wrong "what is $1" ;;
    esac
    shift
  done
}

# What is in force counts, and what this bundle names besides, after an installation that was cut short.
read_files() {
  local host
  [[ -r $BUNDLE/host && -r $BUNDLE/manifest ]] || fail "$BUNDLE is not a whole bundle; copy the whole folder again"
  read -r host <"$BUNDLE/host"
  if [ -e "$INSTALLED" ]; then
    [ "$(installed_host)" = "$host" ] || fail "this host is $(installed_host), the bundle is for $host; take the bundle of $(installed_host)"
    mapfile -t FILES < <(json_targets "$INSTALLED")
  fi
  mapfile -t -O ${#FILES[@]} FILES < <(awk '{ print $3 }' "$BUNDLE/manifest")
}

stop_unit() { # UNIT
  ! systemctl is-enabled --quiet "$1" 2>/dev/null || change "unit $1 is disabled" systemctl disable --quiet "$1"
  if [ -d /run/systemd/system ] && systemctl is-active --quiet "$1"; then change "unit $1 is stopped" systemctl stop "$1"; fi
}
# The daemon goes first: it logs its gateways out, for which it needs the rest.
stop_units() {
  local target name
  for name in understudy-drill.timer understudyd.service understudy-tunnel.socket understudy-zookeeper.service; do stop_unit "$name"; done
  for target in "${FILES[@]}"; do
    [[ $target != "$UNITS"/* || $target == "$UNITS"/*/* || $target == *@.* || $target == */"$FIREWALL_UNIT" ]] || stop_unit "${target##*/}"
  done
}

# The unit refuses to be stopped while it guards a daemon.
allow_stop() {
  mkdir -p "$STOP_ALLOWED"
  printf '[Unit]\nRefuseManualStop=no\n' >"$STOP_ALLOWED/zz-uninstall.conf"
  systemctl daemon-reload
}
remove_firewall() {
  local script=/etc/understudy/firewall-ufw.sh rule table
  if [ -e "$FIREWALL_DROP_INS/ufw.conf" ] && [ -e "$script" ] && command -v ufw >/dev/null; then
    while read -r rule; do
      # shellcheck disable=SC2086 # A rule is several words.
      change "ufw rule '$rule' is gone" quietly ufw --force delete $rule
    done < <(ufw show added | sed -n "s/^ufw \(.*\) comment 'understudy'\$/\1/p")
    echo "kept: ufw is still on and refuses what no other rule of it lets in; \`ufw disable\` turns it off"
  fi
  if [ -d /run/systemd/system ] && systemctl is-active --quiet "$FIREWALL_UNIT"; then allow_stop; fi
  stop_unit "$FIREWALL_UNIT"
  rm -rf "$STOP_ALLOWED"
  for table in understudy understudy_drill; do
    if command -v nft >/dev/null && nft list table inet "$table" >/dev/null 2>&1; then
      change "table inet $table is gone" nft delete table inet "$table"
    fi
  done
}

remove_tunnels() {
  local name
  while read -r name; do stop_unit "wg-quick@$name.service"; done < <(tunnels "${FILES[@]}" | sort -u)
}

remove_file() { # TARGET
  if [ -e "$1" ] || [ -L "$1" ]; then change "file $1 is gone" rm -f "$1"; fi
}
remove_files() {
  local target
  for target in "${FILES[@]}" "$DROP_IN" "$ALERT_DROP_IN" "$FIREWALL_DROP_INS/ufw.conf" "$FIREWALL_DROP_INS/none.conf"; do
    # The note of what is here goes last.
    if [[ $target != "$INSTALLED" && $target != /var/lib/* ]] || $PURGE && [ "$target" != "$INSTALLED" ]; then remove_file "$target"; fi
  done
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
}
remove_folders() {
  local folder
  for folder in "${DROP_IN%/*}" "${ALERT_DROP_IN%/*}" "$FIREWALL_DROP_INS" "$UNITS/nftables.service.d" /etc/understudy/operators/* /etc/understudy/grafana/dashboards /etc/understudy/{operators,prometheus,alertmanager,grafana,tls,credentials} /etc/understudy /etc/understudy-zookeeper; do
    if [ -d "$folder" ]; then rmdir --ignore-fail-on-non-empty "$folder"; fi
  done
}
purge() {
  local folder
  for folder in "$CREDENTIALS" /etc/understudy/viewer-token /var/lib/understudy /var/lib/understudy-zookeeper /var/lib/{,private/}understudy-{prometheus,alertmanager,drills}; do
    [ -e "$folder" ] || continue
    if $PURGE; then change "folder $folder is gone" rm -rf "$folder"; else echo "kept: $folder; --purge removes it"; fi
  done
}

remove_packages() {
  local package packages=() verb=--remove
  ! $PURGE || verb=--purge
  $KEEP && return 0
  for package in understudy understudy-node understudy-runtime; do
    if installed "$package"; then packages+=("$package"); fi
  done
  [ ${#packages[@]} -eq 0 ] || change "packages ${packages[*]} are gone" quietly dpkg "$verb" "${packages[@]}"
}

read_options "$@"
check_root
read_files

STATUS=4
stop_units
remove_firewall
remove_tunnels
remove_files
purge
remove_file "$INSTALLED"
remove_folders
remove_packages
if ((DIFFERENCES == 0)); then echo "Nothing had to be changed."; else echo "$DIFFERENCES changes; nothing of the bundle is in force any more."; fi
