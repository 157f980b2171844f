#!/usr/bin/env bash
# Puts this bundle into force on the host that it was made for, a Debian 12 or 13. Run it as root; it can run any number of times and
# changes only what differs. First it checks everything, then it changes.
#
#   ./install.sh [OPTION...]
#
#   --check               only reports what differs
#   --debs DIR            folder of Understudy's packages (default: debs in the bundle or beside it)
#   --secrets DIR         folder of the secrets, one file each, NAME as in `live-password`; without it a person is asked.
#                         Secrets that the host has already are kept
#   --seal                encrypts the secrets for this host alone (systemd-creds)
#   --firewall WHICH      nftables, ufw or none (default: what was chosen before, else nftables)
#   --user NAME=OSUSER    whose the files of operator NAME are (default: OS user NAME if there is one, else root)
#   --restart             restarts understudyd too when it has to be; else it only says so, because that may cost a login
#   --restart-zookeeper   restarts the ZooKeeper server when it has to be, though it is not known that all others serve
#   --no-start            starts, reloads and applies nothing
#   --no-packages         installs no package; what is needed has to be there
#   --adopt               takes the bundle though the host has another name, or a WireGuard interface of somebody else's
#   --force               prefers or retires a tunnel though not all peers have been heard on the one that stays, and changes the session timeout
#   --force-ssh           puts the firewall's rules into force though they may close the port that ssh listens on
#
# Exit status
#   0   everything is as the bundle says; a restart that is due is said
#   1   refused: something is wrong, nothing was changed
#   2   the command line is wrong
#   3   with --check: something differs
#   4   a step failed; what was done before it is whole, run it again
set -Eeuo pipefail

# shellcheck source-path=SCRIPTDIR source=host.sh
. "$(dirname "$0")/host.sh"
# shellcheck source-path=SCRIPTDIR source=tunnels.sh
. "$(dirname "$0")/tunnels.sh"
# shellcheck source-path=SCRIPTDIR source=ensemble.sh
. "$(dirname "$0")/ensemble.sh"
# shellcheck source-path=SCRIPTDIR source=secrets.sh
. "$(dirname "$0")/secrets.sh"
# shellcheck source-path=SCRIPTDIR source=monitoring.sh
. "$(dirname "$0")/monitoring.sh"

PLACES='^(/etc/(understudy|understudy-zookeeper|wireguard|systemd/system)|/var/lib/understudy-zookeeper)/.'

START=true PACKAGES=true ADOPT=false FORCE=false FORCE_SSH=false RESTART=false RESTART_ZOOKEEPER=false SEAL=false
DEBS='' SECRETS='' FIREWALL=''
declare -A OS_USERS=()
TARGETS=() MODES=() OWNERS=() FORMER=() SECRET_NAMES=() DAEMON_SECRETS=() ALERT_SECRETS=() CHANGED=()
DUE=()

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage; exit 0 ;;
      --check) CHECK=true ;;
      --seal) SEAL=true ;;
      --restart) RESTART=true ;;
      --restart-zookeeper) RESTART_ZOOKEEPER=true ;;
      --no-start) START=false ;;
      --no-packages) PACKAGES=false ;;
      --adopt) ADOPT=true ;;
      --force) FORCE=true ;;
      --force-ssh) FORCE_SSH=true ;;
      --debs | --secrets | --firewall | --user) [ $# -gt 1 ] || wrong "$1 wants a value"; read_value "$1" "$2"; shift ;;
      *) wrong "what is $1" ;;
    esac
    shift
  done
}
read_value() { # OPTION VALUE
  case $1 in
    --debs) [ -d "$2" ] || wrong "--debs: there is no folder $2"; DEBS=$2 ;;
    --secrets) SECRETS=$2 ;; # Looked at when the host lacks one.
    --firewall) [[ $2 =~ ^(nftables|ufw|none)$ ]] || wrong "--firewall: $2 (expected: nftables, ufw or none)"; FIREWALL=$2 ;;
    --user)
      [[ $2 =~ ^[^=/]+=[^=/]+$ ]] || wrong "--user: $2 (expected: NAME=OSUSER)"
      id "${2#*=}" >/dev/null 2>&1 || wrong "--user: there is no OS user ${2#*=}"
      OS_USERS[${2%%=*}]=${2#*=} ;;
  esac
}

# ---- What the bundle holds, and whether it fits this host. Nothing is changed here.

check_system() {
  local ID='' VERSION_ID=''
  check_root
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || . /etc/os-release
  [[ $ID == debian && $VERSION_ID =~ ^(12|13)$ ]] || fail "this system is ${ID:-unknown} ${VERSION_ID:-}; Understudy's hosts are Debian 12 or 13"
  $CHECK || ! $START || [ -d /run/systemd/system ] || fail "systemd does not run here; boot the host, or only lay out files with --no-start"
}

read_manifest() {
  local mode owner target rest file
  [[ -r $BUNDLE/manifest && -r $BUNDLE/host ]] || fail "$BUNDLE is not a whole bundle, it lacks its manifest; copy the whole folder again"
  while read -r mode owner target rest; do
    [[ $mode =~ ^0[0-7]{3}$ && $owner =~ ^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$ && -z $rest && $target != *..* && $target =~ $PLACES ]] ||
      fail "manifest: '$mode $owner $target $rest' is no line of a bundle; render it again with understudy cluster render"
    [[ -f $BUNDLE/files$target && ! -L $BUNDLE/files$target ]] || fail "the bundle is not whole, files$target is missing; copy the whole folder again"
    MODES+=("$mode") OWNERS+=("$owner") TARGETS+=("$target")
  done <"$BUNDLE/manifest"
  among "$INSTALLED" "${TARGETS[@]}" || fail "the bundle's manifest does not name $INSTALLED; render it again with understudy cluster render"
  while read -r -d '' file; do
    among "${file#"$BUNDLE/files"}" "${TARGETS[@]}" || fail "${file#"$BUNDLE/"} is not in the bundle's manifest; copy the whole folder again, without anything else in it"
  done < <(find "$BUNDLE/files" ! -type d -print0)
}

check_identity() {
  local host cluster here
  read -r host <"$BUNDLE/host"
  cluster=$(json_text "$BUNDLE/files$INSTALLED" cluster)
  here=$(cut -d. -f1 /proc/sys/kernel/hostname)
  if [ -e "$INSTALLED" ]; then
    here=$(installed_host)
    [ "$(installed_cluster)" = "$cluster" ] ||
      fail "this host belongs to the cluster '$(installed_cluster)', the bundle to '$cluster'; run the uninstall.sh of the former bundle first"
    mapfile -t FORMER < <(json_targets "$INSTALLED")
  fi
  [ "$here" = "$host" ] || $ADOPT || fail "the bundle is for $host, this host is $here; take the bundle of $here, or --adopt this one"
}

# ssh_ports: where ssh listens, as systemd does it for sshd, else as sshd's configuration says (it does not where sshd never ran), else as
# the kernel does.
ssh_ports() {
  local ports
  ports=$({ systemctl is-active --quiet ssh.socket && systemctl show -p Listen --value ssh.socket; } 2>/dev/null | sed -n 's/^.*:\([0-9]*\) (Stream)$/\1/p' || true)
  [ -n "$ports" ] || ports=$({ sshd -T || true; } 2>/dev/null | awk '$1 == "port" { print $2 }')
  [ -n "$ports" ] || ports=$({ ss -Hlntp || true; } 2>/dev/null | awk '/"(sshd|dropbear)"/ { sub(/.*:/, "", $4); print $4 }')
  [ -z "$ports" ] || sort -u <<<"$ports"
}
# The rules let in ssh at its usual port only.
check_ssh() {
  local ports
  if [ "$FIREWALL" = none ] || $FORCE_SSH; then return 0; fi
  mapfile -t ports < <(ssh_ports)
  if [ ${#ports[@]} -eq 0 ]; then
    ! command -v sshd >/dev/null ||
      fail "it is not known on which port ssh listens, and the firewall's rules let it in at 22 only; start ssh, or, if you reach this host otherwise, take --force-ssh"
    return 0
  fi
  among 22 "${ports[@]}" ||
    fail "ssh listens on port ${ports[*]}, which the firewall's rules would close; let it listen on 22 too, or take --firewall none and guard the host yourself"
}

# An interface that no former bundle brought may be somebody's way to this host.
check_foreign_tunnels() {
  local target
  for target in "${TARGETS[@]}"; do
    if [[ $target == /etc/wireguard/* && -e $target ]] && ! among "$target" "${FORMER[@]}"; then
      cmp -s "$target" "$BUNDLE/files$target" || $ADOPT || fail "$target is there and not from a bundle; move it away, or replace it with --adopt"
    fi
  done
}

# ---- Packages and users

kernel_lacks_wireguard() {
  local try=understudy-wg
  [ ! -e /sys/module/wireguard ] && command -v ip >/dev/null || return 1
  if ip link add dev "$try" type wireguard 2>/dev/null; then ip link del dev "$try"; return 1; fi
}
wanted_packages() {
  printf '%s\n' iproute2 wireguard-tools nftables
  [ "$FIREWALL" != ufw ] || echo ufw
  if grep -q '"/usr/bin/chromium"' "$BUNDLE/files$INSTALLED"; then printf '%s\n' chromium chromium-driver; fi
  if has_monitoring; then printf '%s\n' prometheus prometheus-alertmanager; fi
  if ! $CHECK && kernel_lacks_wireguard; then echo wireguard-go; fi
}
missing_packages() {
  local package
  for package in $(wanted_packages); do installed "$package" || echo "$package"; done
}
own_packages() {
  echo understudy-runtime
  if grep -rqs /opt/understudy/node/ "$BUNDLE/files$UNITS"; then echo understudy-node; fi
  echo understudy
}
# deb_of PACKAGE: prints its file, nothing when there is none.
deb_of() {
  local files=("$DEBS/$1"_*.deb)
  [ ${#files[@]} -eq 1 ] || fail "$DEBS has several versions of $1; leave one there"
  [ ! -e "${files[0]}" ] || echo "${files[0]}"
}
version_of() { dpkg-query -W -f '${Version}' "$1"; }
# same_package PACKAGE DEB: also its files, for two builds of a snapshot have one version.
same_package() {
  installed "$1" && [ "$(version_of "$1")" = "$(dpkg-deb -f "$2" Version)" ] && cmp -s <(dpkg-deb --info "$2" md5sums) "/var/lib/dpkg/info/$1.md5sums"
}
older() { installed "$1" && dpkg --compare-versions "$(dpkg-deb -f "$2" Version)" lt "$(version_of "$1")"; }

find_debs() {
  local folder
  for folder in "$BUNDLE/debs" "${BUNDLE%/*}/debs"; do
    if [ -z "$DEBS" ] && [ -d "$folder" ]; then DEBS=$folder; fi
  done
}
check_packages() {
  local package missing
  find_debs
  for package in $(own_packages); do
    if $CHECK || installed "$package"; then continue; fi
    $PACKAGES || fail "the package $package is not installed; install it, or leave --no-packages out"
    [[ -n $DEBS && -n $(deb_of "$package") ]] || fail "the package $package is not installed and not in ${DEBS:-a folder debs}; give the folder of Understudy's packages with --debs"
  done
  if ! $PACKAGES && ! $CHECK; then
    missing=$(missing_packages | xargs)
    [ -z "$missing" ] || fail "Debian's packages $missing are not installed; run apt-get install $missing, or leave --no-packages out"
  fi
}
install_from_debian() {
  export DEBIAN_FRONTEND=noninteractive
  [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit)" ] || quietly apt-get update -q || true
  quietly apt-get install -q -y --no-install-recommends "$@" ||
    fail "Debian's packages $* could not be installed, see above; check the network and /etc/apt, and run it again"
}
install_packages() {
  local package deb missing debs=()
  $PACKAGES || return 0
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] || change "Debian's packages ${missing[*]}" install_from_debian "${missing[@]}"
  silence_debians_own "${missing[@]}"
  # Without ip the question whether the kernel has WireGuard could not be asked before.
  mapfile -t missing < <($CHECK || missing_packages)
  [ ${#missing[@]} -eq 0 ] || change "Debian's packages ${missing[*]}" install_from_debian "${missing[@]}"
  for package in $(own_packages); do
    deb=$([ -z "$DEBS" ] || deb_of "$package")
    if [ -z "$deb" ]; then
      installed "$package" || change "package $package" false
    elif older "$package" "$deb"; then
      echo "kept: package $package, which is newer than $deb"
    elif ! same_package "$package" "$deb"; then
      debs+=("$deb")
    fi
  done
  [ ${#debs[@]} -eq 0 ] || change "packages $(printf '%s ' "${debs[@]##*/}")" quietly dpkg -i "${debs[@]}"
}
make_users() {
  local owner user
  for owner in "${OWNERS[@]}"; do
    user=${owner%:*}
    getent passwd "$user" >/dev/null || change "user $user" useradd --system --user-group --home-dir "/var/lib/$user" --no-create-home --shell /usr/sbin/nologin "$user"
    if $CHECK && ! getent passwd "$user" >/dev/null; then return 0; fi
  done
}

# ---- Files

set_mode() { chown -h "$2" "$3" && chmod "$1" "$3"; } # MODE OWNER PATH, which lies in a folder of root's
ensure_folder() { # MODE OWNER PATH
  if [ ! -d "$3" ]; then
    change "folder $3" install -d -m "$1" -o "${2%:*}" -g "${2#*:}" "$3"
  elif [ "$(stat -c '0%a %U:%G' "$3")" != "$1 $2" ]; then
    change "mode and owner of $3: $1 $2" set_mode "$1" "$2" "$3"
  fi
}
ensure_folder_of() { # TARGET OWNER
  local folder=${1%/*}
  case $folder in
    /etc/systemd/system | /etc/wireguard) [ -d "$folder" ] || ensure_folder 0700 root:root "$folder" ;;
    /var/lib/understudy-zookeeper) ensure_folder 0700 understudy-zookeeper:understudy-zookeeper "$folder" ;;
    /etc/understudy/operators/*) ensure_folder 0755 root:root "${folder%/*}"; ensure_folder 0700 "$2" "$folder" ;;
    *) ensure_folder 0755 root:root "$folder" ;;
  esac
}
# operator_owner NAME: as the option says, else as it is unless root's, else the OS user of that name, else root.
operator_owner() {
  local user=${OS_USERS[$1]:-}
  [ -n "$user" ] || user=$(stat -c %U "/etc/understudy/operators/$1" 2>/dev/null | grep -vx root) || true
  if [ -z "$user" ]; then if id "$1" >/dev/null 2>&1; then user=$1; else user=root; fi; fi
  echo "$user:$(id -gn "$user")"
}
put() { # MODE OWNER TARGET SOURCE: whole or not at all; in somebody's folder it follows no link of theirs
  install -T -m "$1" -o "${2%:*}" -g "${2#*:}" "$4" "$3.understudy-new"
  mv -fT "$3.understudy-new" "$3"
  CHANGED+=("$3")
}
place() { # MODE OWNER TARGET
  local source=$BUNDLE/files$3
  if ! cmp -s "$source" "$3" || [ -L "$3" ]; then
    change "file $3" put "$1" "$2" "$3" "$source"
  elif [ "$(stat -c '0%a %U:%G' "$3")" != "$1 $2" ]; then
    # Written anew: whose the folder is could exchange the path while it is changed.
    change "mode and owner of $3: $1 $2" put "$1" "$2" "$3" "$source"
  fi
}
put_text() { # TARGET TEXT
  if [ -e "$1" ] && [ "$(<"$1")" = "$2" ]; then return 0; fi
  ensure_folder 0755 root:root "${1%/*}"
  change "file $1" put 0644 root:root "$1" <(printf '%s\n' "$2")
}
remove_file() { # TARGET
  [ -e "$1" ] || [ -L "$1" ] || return 0
  change "file $1 is gone" rm -f "$1"
  CHANGED+=("$1")
}
# host.json comes last: it is also the note of what a next run may take away.
place_files() {
  local i target owner operator
  for i in "${!TARGETS[@]}"; do
    target=${TARGETS[i]} owner=${OWNERS[i]}
    if [[ $target == /etc/understudy/operators/*/* ]]; then
      operator=${target#/etc/understudy/operators/}
      owner=$(operator_owner "${operator%%/*}")
    fi
    ensure_folder_of "$target" "$owner"
    [ "$target" = "$INSTALLED" ] || place "${MODES[i]}" "$owner" "$target"
  done
  [ ! -e "$BUNDLE/files$UNITS/understudyd.service" ] || ensure_folder 0700 understudy:understudy /var/lib/understudy
}
stop_unit() { systemctl disable --quiet "$1" && { ! $START || systemctl stop "$1"; }; } # UNIT
remove_former() {
  local target unit
  for target in "${FORMER[@]}"; do
    if among "$target" "${TARGETS[@]}"; then continue; fi
    case $target in
      /etc/wireguard/*.conf) unit=wg-quick@$(tunnels "$target").service ;;
      "$UNITS"/*/* | "$UNITS"/*@.*) unit='' ;;
      "$UNITS"/*) unit=${target##*/} ;;
      *) unit='' ;;
    esac
    if [ -n "$unit" ] && [ -e "$target" ]; then change "unit $unit is stopped" stop_unit "$unit"; fi
    remove_file "$target"
  done
}

# ---- Units

enable() { systemctl is-enabled --quiet "$1" 2>/dev/null || change "unit $1 is enabled" systemctl enable --quiet "$1"; } # UNIT
active() { systemctl is-active --quiet "$1"; }
# newer_than UNIT PROPERTY FILE...: whether a file has changed since that moment of the unit.
newer_than() {
  local since file
  since=$(systemctl show -p "$2" --timestamp=unix --value "$1")
  since=${since#@}
  [[ $since =~ ^[0-9]+$ ]] || return 1
  shift 2
  for file; do
    if [ -e "$file" ] && [ "$(stat -c %Y "$file")" -gt "$since" ]; then return 0; fi
  done
  return 1
}
reload_units() {
  local target
  [ -d /run/systemd/system ] && ! $CHECK || return 0
  for target in "${CHANGED[@]}"; do
    if [[ $target == "$UNITS"/* ]]; then systemctl daemon-reload; return 0; fi
  done
}

choose_firewall() {
  [ -z "$FIREWALL" ] || return 0
  if [ -e "$FIREWALL_DROP_INS/ufw.conf" ]; then FIREWALL=ufw; elif [ -e "$FIREWALL_DROP_INS/none.conf" ]; then FIREWALL=none; else FIREWALL=nftables; fi
}
open_table() { ! nft list table inet understudy >/dev/null 2>&1 || nft delete table inet understudy; }
put_firewall_into_force() {
  local rules=/etc/understudy/firewall.nft
  [ "$FIREWALL" = ufw ] || remove_file "$FIREWALL_DROP_INS/ufw.conf"
  if [ "$FIREWALL" = none ]; then
    put_text "$FIREWALL_DROP_INS/none.conf" $'# Written by install.sh: another firewall guards this host.\n[Service]\nExecStart=\nExecStart=/usr/bin/true\nExecReload=\nExecReload=/usr/bin/true'
  else
    remove_file "$FIREWALL_DROP_INS/none.conf"
  fi
  reload_units
  enable "$FIREWALL_UNIT"
  $START || return 0
  case $FIREWALL in
    ufw) put_ufw_into_force ;;
    none) ! $CHECK && open_table ;;
    nftables)
      if active "$FIREWALL_UNIT" && { newer_than "$FIREWALL_UNIT" StateChangeTimestamp "$rules" || ! nft list table inet understudy >/dev/null 2>&1; }; then
        change "firewall has its rules" systemctl reload "$FIREWALL_UNIT"
      fi ;;
  esac
  active "$FIREWALL_UNIT" || change "unit $FIREWALL_UNIT runs" systemctl start "$FIREWALL_UNIT"
}
put_ufw_into_force() {
  local script=/etc/understudy/firewall-ufw.sh
  if among "$script" "${CHANGED[@]}" || [ ! -e "$FIREWALL_DROP_INS/ufw.conf" ] || ! ufw status 2>/dev/null | grep -q '^Status: active'; then
    change "ufw has its rules" quietly "$script"
  fi
}

restart_unit() { if [ "$1" = understudy-zookeeper.service ]; then restart_zookeeper "$1"; else systemctl restart "$1"; fi; } # UNIT
run_unit() { # UNIT MAY-RESTART FILE...: enabled, started, and restarted when it runs from what is no more
  local unit=$1 may=$2
  shift 2
  [ -e "$BUNDLE/files$UNITS/$unit" ] || return 0
  enable "$unit"
  $START || return 0
  if ! active "$unit"; then
    [ "$(systemctl show -p ActiveState --value "$unit")" = activating ] || change "unit $unit is started" systemctl start --no-block "$unit"
  elif newer_than "$unit" ActiveEnterTimestamp "$UNITS/$unit" "$@"; then
    if $may; then change "unit $unit is restarted, because its files changed" restart_unit "$unit"; else DUE+=("$unit"); fi
  fi
}
run_units() {
  local program=/var/lib/dpkg/info/understudy-node.list runtime=/var/lib/dpkg/info/understudy-runtime.list sealed=("${DAEMON_SECRETS[@]/%/.cred}")
  run_unit understudy-zookeeper.service may_restart_zookeeper "$ZOO_CFG" "$program" "$runtime"
  run_unit understudy-tunnel.socket true
  run_unit understudyd.service $RESTART /etc/understudy/understudyd.yaml "$DROP_IN" "${DAEMON_SECRETS[@]/#/$CREDENTIALS/}" "${sealed[@]/#/$CREDENTIALS/}" "$program" "$runtime"
  run_unit understudy-drill.timer true
  run_monitoring
}

report() {
  local unit target
  for unit in "${DUE[@]}"; do
    if [ "$unit" = understudy-zookeeper.service ]; then
      echo "restart due: $unit runs with files of before, and this host does not know that all other servers serve, so that nobody would lead during a restart. When \`understudy cluster doctor\` on a node finds nothing wrong with ZooKeeper: install.sh --restart-zookeeper"
      continue
    fi
    echo "restart due: $unit runs with files of before. If this node serves a gateway, a restart costs a login: restart the standby's first, switch over, then here: systemctl restart $unit (or install.sh --restart)"
  done
  for target in "${TARGETS[@]}"; do
    [[ $target != /etc/understudy/operators/*/config.yaml ]] || echo "operator: export UNDERSTUDY_CONFIG=$target"
  done
  if $CHECK && ((DIFFERENCES + ${#DUE[@]} > 0)); then
    echo "$((DIFFERENCES + ${#DUE[@]})) differences; install.sh without --check mends them"
    exit 3
  fi
  if ((DIFFERENCES == 0)); then echo "Nothing had to be changed."; else echo "$DIFFERENCES changes; this host is as its bundle says."; fi
  $CHECK || echo "note: $BUNDLE holds private keys of this host. install.sh and uninstall.sh need it, the running host does not: rm -r $BUNDLE"
}

read_options "$@"
check_system
read_manifest
check_identity
choose_firewall
check_ssh
check_foreign_tunnels
check_handshakes
check_session_timeout
check_packages
read_secret_names
take_secrets

STATUS=4
install_packages
make_users
place_files
store_secrets
reload_units
put_firewall_into_force
put_tunnels_into_force
remove_former
reload_units
run_units
place 0644 root:root "$INSTALLED"
STATUS=1
report
